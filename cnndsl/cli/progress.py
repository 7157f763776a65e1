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
        self.epochs_done = 0

    def __call__(self, event: BatchDone | EpochResult) -> None:
        if isinstance(event, EpochResult):
            self.epochs_done = event.epoch
            self._write(_epoch_line(event) + "\n")
        elif self._in_place and monotonic() - self._drawn > _PAUSE:
            self._drawn = monotonic()
            self._write(f"{_epoch(event)}  batch {event.batch}/{event.batches}  loss {event.loss:.4f}")

    def _write(self, text: str) -> None:
        if self._quiet:
            return
        start = "\r\x1b[K" if self._in_place else ""
        print(start + text, end="", file=self._stream, flush=True)


def _epoch(event: BatchDone | EpochResult) -> str:
    return f"epoch {event.epoch:>{len(str(event.epochs))}}/{event.epochs}"


def _epoch_line(result: EpochResult) -> str:
    losses = f"loss {result.training_loss:.4f}, held out {result.loss:.4f}"
    return f"{_epoch(result)}  {losses}, accuracy {100 * result.accuracy:6.2f} %, {result.seconds:.1f} s"
