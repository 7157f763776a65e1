"""``cnndsl diagram``."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from ..api import Checked
from ..files import write_atomically
from ..reports.diagram import DIRECTIONS, FORMATS, STYLES, drawn_for, render_picture
from ..reports.diagram.heat import HEATS
from .looks import add_look, look_from
from .specs import add_spec, check_spec, depth

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl diagram model.cnn -o model.svg
  cnndsl diagram zoo:lenet5 -o lenet5.png
  cnndsl diagram zoo:resnet50 --expand bottleneck --heat macs -o resnet50.pdf
  cnndsl diagram zoo:alexnet --style volumes -o alexnet.svg
  cnndsl diagram zoo:googlenet -o googlenet.html
  cnndsl diagram zoo:densenet121 --no-title --no-legend --width 85 -o column.pdf
  cnndsl diagram zoo:resnet18 -o resnet18.tikz
  cnndsl diagram model.cnn --format svg -o - > model.svg
"""

_FORMATS = (*FORMATS, "html")
_BITS = ("png", "pdf")
_STANDARD_OUTPUT = "-"


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser)
    suffixes = ", ".join(f".{name}" for name in _FORMATS)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        help=f"the file to write: {suffixes}; - for standard output, as DOT or --format",
    )
    parser.add_argument(
        "--format", choices=_FORMATS, help="the format, if the suffix of FILE does not say it; mmd is Mermaid"
    )
    help_ = "expand nested blocks to N levels; 1 is the top level (default: as many as fit in 40 boxes)"
    parser.add_argument("--depth", metavar="N", type=depth, help=help_)
    help_ = "expand this block, or every use of it; may be repeated"
    parser.add_argument("--expand", metavar="NAME", action="append", default=[], help=help_)
    help_ = "collapse this block, or every use of it; may be repeated"
    parser.add_argument("--collapse", metavar="NAME", action="append", default=[], help=help_)
    help_ = "colour boxes by their share of the network's parameters, multiply-accumulates or memory"
    parser.add_argument("--heat", choices=HEATS, default="", help=help_)
    parser.add_argument("--no-insets", action="store_true", help="do not draw collapsed blocks beside the network")
    add_look(parser, "the first line of the spec's documentation")
    help_ = "top to bottom (default) or left to right"
    parser.add_argument("--direction", choices=DIRECTIONS, default="TB", help=help_)
    help_ = "boxes (default), or 3-D feature maps as in the AlexNet paper"
    parser.add_argument("--style", choices=STYLES, default="boxes", help=help_)


def run(arguments: Namespace) -> int:
    """Draw a network to a file or to standard output."""
    mistake = _usage_mistake(arguments)
    if mistake:
        print(f"cnndsl diagram: {mistake}", file=sys.stderr)
        return 2
    picture = _picture(check_spec(arguments), arguments)
    if arguments.output in (None, _STANDARD_OUTPUT):
        sys.stdout.buffer.write(picture)
        return 0
    write_atomically(arguments.output, picture)
    print(f"wrote {arguments.output}", file=sys.stderr)
    return 0


def _picture(checked: Checked, arguments: Namespace) -> bytes:
    graph = checked.require_graph()
    opened = {"depth": arguments.depth, "expand": arguments.expand, "collapse": arguments.collapse}
    if _format(arguments) == "html":
        from ..reports.diagram.page import render_page

        page = {"heat": arguments.heat, "theme": arguments.theme or "", "heading": arguments.title}
        return render_page(graph, checked.source, **opened, **page)
    look = look_from(arguments).replace(heat=arguments.heat, direction=arguments.direction, style=arguments.style)
    picture = drawn_for(graph, look, **opened, insets=not arguments.no_insets)
    if arguments.title is not None:
        picture = picture.replace(title=arguments.title)
    return render_picture(picture, look, _format(arguments))


def _format(arguments: Namespace) -> str:
    if arguments.format is not None:
        return str(arguments.format)
    if arguments.output in (None, _STANDARD_OUTPUT):
        return "dot"
    return os.path.splitext(str(arguments.output))[1].lower().removeprefix(".")


def _usage_mistake(arguments: Namespace) -> str:
    """What is wrong with the arguments together, or nothing."""
    return next((message for is_wrong, message in _mistakes(arguments, _format(arguments)) if is_wrong), "")


def _mistakes(arguments: Namespace, format: str) -> Iterator[tuple[bool, str]]:
    """Each mistake that there can be, and whether it was made."""
    known = ", ".join(f".{name}" for name in _FORMATS)
    suffix = f"the suffix of `{arguments.output}` is not one of {known}; rename the file, or give --format"
    yield format not in _FORMATS, suffix
    is_volumes, is_page = arguments.style == "volumes", format == "html"
    yield is_volumes and format == "mmd", "Mermaid has no volumes; leave out --style, or write .svg"
    only_boxes = "html shows boxes from top to bottom; leave out --style and --direction, or write .svg"
    yield is_page and (arguments.style, arguments.direction) != ("boxes", "TB"), only_boxes
    own = "html has a heading and a legend of its own; leave out --no-title and --no-legend, or write .svg"
    yield is_page and (arguments.no_title or arguments.no_legend), own
    fits = f"--width is not for {format}, which fits its window; leave it out, or write .svg"
    yield bool(arguments.width) and format in ("html", "mmd"), fits
    yield is_volumes and bool(arguments.heat), "volumes have no heat; leave out --style or --heat"
    if sys.stdout.isatty():
        unnamed = "name the file to write, as in `-o model.svg`; `-o -` writes to standard output"
        yield arguments.output is None, unnamed
        bits = f"{format} is not for a terminal; name a file with -o"
        yield arguments.output == _STANDARD_OUTPUT and format in _BITS, bits
