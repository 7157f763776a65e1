"""Arguments that commands on a trained network share: what computes, on what data, from which weights."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from types import FrameType

__all__ = ["StopOnSignals", "add_checkpoint", "add_data_dir", "add_execution"]


def add_execution(parser: ArgumentParser) -> None:
    """--backend and --device."""
    parser.add_argument("--backend", choices=("numpy", "torch"), default="numpy", help="what computes (default: numpy)")
    parser.add_argument(
        "--device", default="cpu", metavar="D", help="where torch computes: cpu (default), cuda, cuda:1, mps"
    )


def add_data_dir(parser: ArgumentParser) -> None:
    """--data-dir DIR."""
    parser.add_argument(
        "--data-dir",
        metavar="DIR",
        help="folder of the data set's files (default: $CNNDSL_DATA_DIR, else the user's cache)",
    )


def add_checkpoint(parser: ArgumentParser) -> None:
    """--checkpoint PATH and --force."""
    parser.add_argument("--checkpoint", required=True, metavar="PATH", help="the folder that `cnndsl train` wrote")
    parser.add_argument(
        "--force", action="store_true", help="use its weights in a network that computes something else with them"
    )


class StopOnSignals:
    """Says that a training is to stop as soon as Ctrl-C is pressed or the process is asked to end.

    A training looks here after each step, and writes a checkpoint before it stops. Asked twice, the process ends at once.
    """

    def __init__(self) -> None:
        self._asked = False
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)  # Windows has no SIGHUP
            if number is not None and signal.getsignal(number) is not signal.SIG_IGN:  # as `nohup` has it
                signal.signal(number, self._ask)

    def __call__(self) -> bool:
        return self._asked

    def _ask(self, number: int, frame: FrameType | None) -> None:
        if self._asked:
            raise KeyboardInterrupt
        self._asked = True
