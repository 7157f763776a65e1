"""A training as event files that TensorBoard shows, written by the package tensorboardX."""

from __future__ import annotations

from types import TracebackType
from typing import Any

from ...diagnostics import refusal
from ...diagnostics.kinds import files
from ...files import why_not
from ..history import BatchDone, EpochResult, Report

__all__ = ["EventFiles"]


class EventFiles:
    """A report that writes the figures of each epoch into a folder, and passes every event on to another report.

    Raises:
        DiagnosticError: E0006 without tensorboardX, E0003 if the folder cannot be written.
    """

    def __init__(self, folder: str, report: Report) -> None:
        try:
            from tensorboardX import SummaryWriter
        except ModuleNotFoundError:
            message = "writing for TensorBoard needs the package tensorboardX"
            raise refusal(files.MISSING_PACKAGE, message, help=("pip install 'cnndsl[tensorboard]'",)) from None
        try:
            self._writer: Any = SummaryWriter(folder)
        except OSError as error:
            message = f"cannot write into `{folder}`: {why_not(folder, error)}"
            raise refusal(files.CANNOT_WRITE, message, help=("choose another folder with --output",)) from None
        self._report = report

    def __call__(self, event: BatchDone | EpochResult) -> None:
        if isinstance(event, EpochResult):
            for name, value in event.line().items():
                if name != "epoch":
                    self._writer.add_scalar(name, value, event.epoch)
            self._writer.flush()
        self._report(event)

    def __enter__(self) -> EventFiles:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writer.close()
