"""How the pictures of several commands look."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace

from ..reports.diagram import Look
from ..reports.diagram.palette import THEMES

__all__ = ["add_look", "look_from"]

_WIDEST = 2000


def add_look(parser: ArgumentParser, title: str) -> None:
    """Declare title, legend, width and theme of a picture; ``title`` says what it is called by default."""
    titles = parser.add_mutually_exclusive_group()
    titles.add_argument("--title", metavar="TEXT", help=f"the title (default: {title})")
    titles.add_argument("--no-title", action="store_true", help="leave out the title and the totals")
    parser.add_argument("--no-legend", action="store_true", help="leave out the legend of the colours")
    help_ = "at most so many millimetres wide, such as 85 for a column, and no higher than a page; nothing is enlarged"
    parser.add_argument("--width", metavar="MM", type=_width, default=0.0, help=help_)
    help_ = "light (default) or dark; HTML follows the system setting"
    parser.add_argument("--theme", choices=THEMES, help=help_)


def look_from(arguments: Namespace) -> Look:
    """What was asked for."""
    title, legend = not arguments.no_title, not arguments.no_legend
    return Look(arguments.theme or "light", title=title, legend=legend, width=arguments.width)


def _width(text: str) -> float:
    """The type of an argument."""
    if not (text.isascii() and text.isdecimal() and 10 <= int(text) <= _WIDEST):
        raise ArgumentTypeError(f"expected a whole number of millimetres from 10 to {_WIDEST}, found {text!r}")
    return float(text)
