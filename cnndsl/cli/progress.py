"""How far a training is, on stderr: a line per epoch, and on a terminal the batches in place below them."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TextIO

from ..training import BatchDone, EpochResult

__all__ = ["Progress"]

_PAUSE = 0.1
"""Seconds between two drawings of the line that changes in place."""


class Progress:
    """The report of a training; call it with each event. Quiet, it only counts."""

    def __init__(self, stream: TextIO | None = None, *, quiet: bool = False) -> None:
        self._stream = stream or sys.stderr
        self._quiet = quiet
        self._in_place = self._stream.isatty()
        self._drawn = 0.0
        self._speed = _Speed()
        self.epochs_done = 0

    def __call__(self, event: BatchDone | EpochResult) -> None:
        if isinstance(event, EpochResult):
            self.epochs_done = event.epoch
            self._write(_epoch_line(event) + "\n")
            return
        self._speed.note(event)
        if self._in_place and monotonic() - self._drawn > _PAUSE:
            self._drawn = monotonic()
            self._write(f"{_epoch(event)}  batch {event.batch}/{event.batches}  loss {event.loss:.4f}{self._speed}")

    def _write(self, text: str) -> None:
        if self._quiet:
            return
        start = "\r\x1b[K" if self._in_place else ""
        print(start + text, end="", file=self._stream, flush=True)


class _Speed:
    """How fast the steps go, and how long those take that are left."""

    def __init__(self) -> None:
        self._began: float | None = None
        self._samples = self._steps = self._left = 0

    def note(self, event: BatchDone) -> None:
        """Count a step; the first one only starts the clock, as it is often slow."""
        self._left = (event.epochs - event.epoch + 1) * event.batches - event.batch
        if self._began is None:
            self._began = monotonic()
            return
        self._samples += event.samples
        self._steps += 1

    def __str__(self) -> str:
        if self._began is None or not self._samples:
            return ""
        seconds = max(monotonic() - self._began, 1e-9)
        return f"  {self._samples / seconds:,.0f} images/s  {_time(self._left * seconds / self._steps)} left"


def _time(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _epoch(event: BatchDone | EpochResult) -> str:
    return f"epoch {event.epoch:>{len(str(event.epochs))}}/{event.epochs}"


def _epoch_line(result: EpochResult) -> str:
    losses = f"loss {result.training_loss:.4f}, held out {result.loss:.4f}"
    speed = f", {result.samples / result.seconds:,.0f} images/s" if result.samples and result.seconds else ""
    return f"{_epoch(result)}  {losses}, accuracy {100 * result.accuracy:6.2f} %, {result.seconds:.1f} s{speed}"
