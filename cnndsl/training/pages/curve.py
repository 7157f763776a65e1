"""The learning curve as a picture: loss and accuracy after each epoch."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ..history import EpochResult

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["CURVE", "draw_curve"]

CURVE = "curve.png"

_TRAINING = "#8a8f98"
_HELD_OUT = "#c2410c"
_STYLE: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#9ca3af",
    "axes.grid": True,
    "axes.titlelocation": "left",
    "axes.titleweight": "bold",
    "grid.color": "#e5e7eb",
    "xtick.color": "#4b5563",
    "ytick.color": "#4b5563",
    "legend.frameon": False,
}


def draw_curve(title: str, history: Sequence[EpochResult]) -> bytes | None:
    """The picture as PNG, the same bytes for the same numbers; None if matplotlib is not installed."""
    try:
        from matplotlib import rc_context, rcParamsDefault
        from matplotlib.figure import Figure
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != "matplotlib":
            raise
        return None
    settings: Any = {**{key: rcParamsDefault[key] for key in rcParamsDefault if key != "backend"}, **_STYLE}
    with rc_context(settings):
        figure = Figure(figsize=(9, 3.8), dpi=130, layout="constrained")
        loss, accuracy = figure.subplots(1, 2)
        _draw_loss(loss, history)
        _draw_accuracy(accuracy, history)
        figure.suptitle(title, fontsize=12)
        picture = BytesIO()
        figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _draw_loss(axes: Axes, history: Sequence[EpochResult]) -> None:
    epochs = [row.epoch for row in history]
    mark = _mark(history)
    axes.plot(epochs, [row.training_loss for row in history], mark, color=_TRAINING, label="training", markersize=4)
    axes.plot(epochs, [row.loss for row in history], mark, color=_HELD_OUT, label="held out", markersize=4)
    axes.set_title("loss")
    axes.legend()
    _label_decades(axes, [loss for row in history for loss in (row.training_loss, row.loss)])
    _label_epochs(axes, len(history))


def _draw_accuracy(axes: Axes, history: Sequence[EpochResult]) -> None:
    percent = [100 * row.accuracy for row in history]
    axes.plot([row.epoch for row in history], percent, _mark(history), color=_HELD_OUT, markersize=4)
    axes.annotate(
        f"{percent[-1]:.2f} %",
        (history[-1].epoch, percent[-1]),
        xytext=(0, -16),
        textcoords="offset points",
        ha="right" if len(history) > 1 else "center",
        color=_HELD_OUT,
        weight="bold",
    )
    low = min(percent)
    axes.set_ylim(low - 0.12 * (100 - low) - 0.2, 100 + 0.03 * (100 - low))
    axes.set_title("accuracy on held-out data, %")
    _label_epochs(axes, len(history))


def _mark(history: Sequence[EpochResult]) -> str:
    return "o-" if len(history) <= 40 else "-"


def _label_decades(axes: Axes, losses: Sequence[float]) -> None:
    """A logarithmic axis labelled in plain numbers, with steps between the powers of ten where these are few."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter

    if min(losses) <= 0:  # a loss of exactly 0 has no place on it
        return
    axes.set_yscale("log")
    few = max(losses) / min(losses) < 200
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if few else (1,)))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
    axes.yaxis.set_minor_formatter(NullFormatter())


def _label_epochs(axes: Axes, epochs: int) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_xlabel("epoch")
    axes.set_xlim(0.5, epochs + 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8, min_n_ticks=1))
