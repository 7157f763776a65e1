"""The report of a training: one page of HTML with curves, confusions, figures for each class and the worst mistakes.

The page asks nobody for anything: its pictures stand in it, and it has no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...backends.base import Network
from ..data import Data, Samples
from ..evaluation.metrics import Evaluation, evaluate_outputs, log_softmax, run_samples
from ..history import EpochResult
from .page import figure, page, picture, table, text

__all__ = ["REPORT", "render_report"]

REPORT = "report.html"

_WORST = 24
_MOST_CLASSES = 40
"""A table of confusions of more classes is no help to anybody."""
_WIDTH, _HEIGHT, _MARGIN = 420, 180, 44
_COLOURS = {"training": "#8a8f98", "held out": "#c2410c"}


def render_report(title: str, network: Network, data: Data, recipe: Any, history: Sequence[EpochResult]) -> str:
    """The page, made of what the data set holds out and of the history.

    Args:
        title: Network, data set and seed.
        network: The trained network.
        data: What it was trained on, whose held-out part is run once more.
        recipe: Its loss is that of the figures.
        history: The epochs.
    """
    outputs = run_samples(network, data.held_out)
    found = evaluate_outputs(outputs, data.held_out.labels, recipe.loss)
    parts = [
        _summary(found, history),
        "<h2>Epoch by epoch</h2>",
        _curves(history),
        "<h2>Class by class</h2>",
        _classes(found, data.class_names),
        *_confusions(found, data.class_names),
        *_mistakes(outputs, data.held_out, data.class_names),
    ]
    return page(title, parts)


def _summary(found: Evaluation, history: Sequence[EpochResult]) -> str:
    rows = {
        "accuracy on the held-out samples": f"{100 * found.accuracy:.2f} % of {found.samples:,}",
        "among the five likeliest": f"{100 * found.top_5:.2f} %" if len(found.confusion) > 5 else "",
        "loss": f"{found.loss:.4f}",
        "calibration error": f"{100 * found.calibration_error:.2f} %",
        "epochs": str(len(history)),
    }
    return table(("", ""), [row for row in rows.items() if row[1]], head=False)


# Curves


def _curves(history: Sequence[EpochResult]) -> str:
    losses = {"training": [each.training_loss for each in history], "held out": [each.loss for each in history]}
    accuracy = {"held out": [100 * each.accuracy for each in history]}
    return _curve("loss", losses) + _curve("accuracy, %", accuracy)


def _curve(title: str, lines: dict[str, list[float]]) -> str:
    """Lines over the epochs, with the least and the largest value at the axis."""
    values = [value for line in lines.values() for value in line]
    least, most = min(values), max(values)
    span = most - least or 1.0
    count = max(len(line) for line in lines.values())

    def place(index: int, value: float) -> str:
        x = _MARGIN + (_WIDTH - 2 * _MARGIN) * (index / (count - 1) if count > 1 else 0.5)
        return f"{x:.1f},{_HEIGHT - 30 - (_HEIGHT - 60) * (value - least) / span:.1f}"

    drawn = []
    for number, (name, line) in enumerate(lines.items()):
        points = " ".join(place(index, value) for index, value in enumerate(line))
        dots = "".join(
            f'<circle cx="{x}" cy="{y}" r="2" fill="{_COLOURS[name]}"/>'
            for x, y in (p.split(",") for p in points.split())
        )
        drawn.append(f'<polyline points="{points}" fill="none" stroke="{_COLOURS[name]}" stroke-width="1.5"/>{dots}')
        drawn.append(f'<text x="{_WIDTH - 90}" y="{18 + 14 * number}" style="fill:{_COLOURS[name]}">{name}</text>')
    axis = (
        f'<text x="4" y="{_HEIGHT - 26}">{least:.3g}</text><text x="4" y="34">{most:.3g}</text>'
        f'<text x="{_MARGIN}" y="{_HEIGHT - 8}">epoch 1</text>'
        f'<text x="{_WIDTH - _MARGIN}" y="{_HEIGHT - 8}" text-anchor="end">{count}</text>'
        f'<text x="{_MARGIN}" y="18" style="font-weight:600">{title}</text>'
    )
    size = f'width="{_WIDTH}" height="{_HEIGHT}" viewBox="0 0 {_WIDTH} {_HEIGHT}"'
    return f'<svg {size} role="img" aria-label="{title} over the epochs">{axis}{"".join(drawn)}</svg>'


# Classes


def _classes(found: Evaluation, names: Sequence[str]) -> str:
    """Of each class how many are found (recall), and how many of those that are told are right (precision)."""
    right = np.diag(found.confusion)
    true, told = found.confusion.sum(axis=1), found.confusion.sum(axis=0)
    rows = [
        (name, int(true[index]), _share(right[index], true[index]), _share(right[index], told[index]))
        for index, name in enumerate(names)
    ]
    return table(("class", "samples", "found (recall)", "right when told (precision)"), rows)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else "-"


def _confusions(found: Evaluation, names: Sequence[str]) -> list[str]:
    if len(names) > _MOST_CLASSES:
        return []
    most = max(int(found.confusion.max()), 1)
    head = "".join(f"<th>{text(name)}</th>" for name in names)
    rows = []
    for name, counts in zip(names, found.confusion.tolist(), strict=True):
        cells = (
            f'<td style="background:rgba(194,65,12,{0.75 * count / most:.2f})">{count or ""}</td>' for count in counts
        )
        rows.append(f"<tr><th>{text(name)}</th>{''.join(cells)}</tr>")
    note = "<p class=note>A row for each true class, and a column for what it was taken for.</p>"
    table = f"<div class=wide><table><tr><th></th>{head}</tr>{''.join(rows)}</table></div>"
    return ["<h2>What is taken for what</h2>", note, table]


# Mistakes


def _mistakes(outputs: NDArray[np.floating], samples: Samples, names: Sequence[str]) -> list[str]:
    """The samples that are told wrong with the greatest confidence, as pictures if they are some; none of maps of classes."""
    if outputs.ndim > 2:
        return []
    probabilities = np.exp(log_softmax(outputs))
    told = probabilities.argmax(axis=1)
    wrong = np.flatnonzero(told != samples.labels)
    worst = wrong[np.argsort(-probabilities[wrong, told[wrong]], kind="stable")][:_WORST]
    if not len(worst):
        return ["<h2>Mistakes</h2>", "<p>There are none.</p>"]
    figures = []
    for place in worst.tolist():
        words = f"{names[samples.labels[place]]}, told {names[told[place]]} ({100 * probabilities[place, told[place]]:.0f} %)"
        figures.append(figure(picture(samples.levels(slice(place, place + 1))[0]), words))
    return ["<h2>The worst mistakes</h2>", "".join(figures)]
