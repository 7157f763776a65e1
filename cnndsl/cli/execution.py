"""Arguments that commands on a trained network share: what computes, on what data, from which weights."""

from __future__ import annotations

import signal
from argparse import ArgumentParser, ArgumentTypeError, BooleanOptionalAction, Namespace
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..backends.base import Computing

__all__ = ["StopOnSignals", "add_checkpoint", "add_data_dir", "add_execution", "computing", "positive", "whole"]


def add_execution(parser: ArgumentParser, default: str | None = "numpy") -> None:
    """--backend, --device, --threads, --compile and --exact; a default of None stands for every backend."""
    help_ = f"the backend (default: {default or 'every one that is installed'})"
    parser.add_argument("--backend", choices=("numpy", "torch"), default=default, help=help_)
    parser.add_argument(
        "--device",
        default="cpu",
        metavar="D",
        help="the device of torch: cpu (default), cuda, cuda:1, mps; auto is the fastest one",
    )
    parser.add_argument(
        "--threads",
        type=positive,
        metavar="N",
        help="how many threads to use on the CPU (default: one; with torch, as many as the network can use)",
    )
    parser.add_argument(
        "--compile",
        action="store_true",
        help="prepare kernels for this network first, with torch: batches take less time",
    )
    help_ = "use TF32 on a GPU: faster, because float32 is rounded to 11 bits before it is multiplied"
    parser.add_argument("--tf32", action="store_true", help=help_)
    help_ = "use only GPU kernels that give the same bits each time (default)"
    parser.add_argument("--deterministic", action=BooleanOptionalAction, default=True, help=help_)
    parser.add_argument(
        "--exact",
        action="store_true",
        help="more exact predictions with numpy: the error of each layer is at most 2e-6; otherwise 3e-5, which is faster",
    )


def computing(arguments: Namespace) -> Computing:
    """What these arguments ask of a backend."""
    from ..backends.base import Options

    asked = vars(arguments)
    return {
        "options": Options(**{name: asked[name] for name in Options.field_infos if name in asked}),
        "device": arguments.device,
        "threads": arguments.threads,
        "compiled": arguments.compile,
        "exact": arguments.exact,
    }


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
    parser.add_argument("--force", action="store_true", help="use the weights although the network has changed")


def positive(text: str) -> int:
    """A number from 1 up, as an argument."""
    return whole(text, 1)


def whole(text: str, least: int) -> int:
    """A whole number from ``least`` up, as an argument."""
    if not (text.isascii() and text.isdigit() and len(text) <= 9 and int(text) >= least):
        raise ArgumentTypeError(f"expected a whole number from {least} to 999999999, found {text!r}")
    return int(text)


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
