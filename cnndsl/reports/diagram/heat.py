"""Where a network spends its parameters, its work or its memory: the share of each box, as a colour and in per cent."""

from __future__ import annotations

import itertools
from functools import partial

from .labels import Figure, parameters_text
from .model import Box, Cost, Strip
from .palette import Theme

__all__ = ["HEATS", "bounds", "figure_for", "fill_for", "share", "strip_fill"]

HEATS = {"params": "parameters", "macs": "multiply-accumulates", "memory": "memory of activations"}
"""What a picture can show by colour, and what a legend calls it."""

_FIELDS = {"params": "parameters", "macs": "macs", "memory": "memory"}
_BOUNDS = (0.01, 0.05, 0.1, 0.25)


def share(box: Box, heat: str, whole: Cost) -> float:
    """The share of the network that a box has, with all its copies, from 0 to 1."""
    total = getattr(whole, _FIELDS[heat])
    return box.repeats * getattr(box.cost, _FIELDS[heat]) / total if total else 0.0


def figure_for(heat: str, whole: Cost) -> Figure:
    """What a box shows: its share in per cent, or without heat its parameters."""
    return partial(_share_text, heat, whole) if heat else parameters_text


def _share_text(heat: str, whole: Cost, box: Box) -> str:
    part = share(box, heat, whole)
    if not part:
        return ""
    return "<0.1 %" if part < 0.0005 else f"{100 * part:.1f} %"


def fill_for(box: Box, theme: Theme, heat: str, whole: Cost) -> str:
    """The colour of a box: by what changed of it if that is marked, with heat by its share, or else by its kind."""
    if box.mark:
        return theme.marks[box.mark]
    if not heat:
        return theme.kinds[box.kind].fill
    part = share(box, heat, whole)
    return theme.heat[sum(part >= bound for bound in _BOUNDS)]


def strip_fill(strip: Strip, box_fill: str, theme: Theme, heat: str) -> str:
    """The colour of a layer in a box: with heat that of the box."""
    if strip.mark:
        return theme.marks[strip.mark]
    return box_fill if heat else theme.kinds[strip.kind].fill


def bounds() -> tuple[str, ...]:
    """What each colour of heat stands for."""
    numbers = [f"{100 * bound:g}" for bound in _BOUNDS]
    between = [f"{low} to {high} %" for low, high in itertools.pairwise(numbers)]
    return (f"under {numbers[0]} %", *between, f"over {numbers[-1]} %")
