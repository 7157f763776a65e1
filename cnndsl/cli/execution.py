"""Arguments that commands on a trained network share: what computes, on what data, from which weights."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from types import FrameType

__all__ = ["add_checkpoint", "add_data_dir", "add_execution", "interrupt_on_signals"]


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


def interrupt_on_signals() -> None:
    """Let SIGTERM and SIGHUP end a command as Ctrl-C does, so that it says what is kept."""
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # not one that `nohup` ignores
            signal.signal(number, _interrupt)


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt
