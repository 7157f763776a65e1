"""``cnndsl diff``."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from ..files import write_atomically
from ..ir import Graph
from ..reports.difference import Difference, compare
from .looks import add_look, look_from
from .output import marked_table, print_document, table_width, wants_color, write_text
from .specs import add_format, add_network, check_spec, depth

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl diff old.cnn new.cnn
  cnndsl diff HEAD~1:model.cnn model.cnn
  cnndsl diff zoo:resnet50 zoo:resnet101 --format json
  cnndsl diff old.cnn new.cnn -o both.svg

Lines with - are layers of the first network, lines with + of the second. An `affected` layer is written the same in both, but
its shape or its cost is different, because a layer before it was changed. The exit code is 0 if the networks are equal and 1
if they differ. `HEAD~1:model.cnn` is the file as it was in that revision of git; the other commands read it too. `-o both.svg`
also draws both networks side by side, and marks what changed.
"""

_COLORS = {"- ": "\x1b[31m", "+ ": "\x1b[32m"}
_PLAIN = "\x1b[0m"
_PICTURES = ("svg", "pdf", "png", "tikz", "dot")


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    for name in ("before", "after"):
        help_ = f"the spec {name} the change: a .cnn file, REVISION:FILE of git, zoo:NAME, or - for standard input"
        parser.add_argument(name, metavar=name.upper(), help=help_)
    add_network(parser)
    add_format(parser)
    parser.add_argument("--full", action="store_true", help="give every layer that differs a line of its own")
    suffixes = ", ".join(f".{name}" for name in _PICTURES)
    parser.add_argument("-o", "--output", metavar="FILE", help=f"also draw both networks: {suffixes}")
    help_ = "in the picture, expand nested blocks to N levels (default: as many as fit in 40 boxes)"
    parser.add_argument("--depth", metavar="N", type=depth, help=help_)
    add_look(parser, "both names")


def run(arguments: Namespace) -> int:
    """Compare two networks; 1 if they differ."""
    suffix = os.path.splitext(arguments.output or "")[1].lower().removeprefix(".")
    if arguments.output is not None and suffix not in _PICTURES:
        known = ", ".join(f".{name}" for name in _PICTURES)
        print(
            f"cnndsl diff: the suffix of `{arguments.output}` is not one of {known}; rename the file", file=sys.stderr
        )
        return 2
    names = (arguments.before, arguments.after)
    before, after = (_graph(arguments, name) for name in names)
    found = compare(before, after)
    if suffix:
        write_atomically(arguments.output, _picture(found, names, arguments, suffix))
        print(f"wrote {arguments.output}", file=sys.stderr)
    if arguments.format == "json":
        from ..reports.difference_json import difference_to_json

        print_document("diff", difference_to_json(found, names))
    else:
        from ..reports.difference_text import render_difference

        text = render_difference(found, names, table_width(), full=arguments.full)
        write_text(_colored(marked_table(text)) if wants_color(sys.stdout) else text, sys.stdout)
    return int(not found.is_equal)


def _picture(found: Difference, names: tuple[str, str], arguments: Namespace, suffix: str) -> bytes:
    from ..reports.diagram import render_placed
    from ..reports.diagram.both import draw_difference

    picture, layout = draw_difference(found, names, arguments.depth)
    if arguments.title is not None:
        picture = picture.replace(title=arguments.title)
    return render_placed(picture, layout, look_from(arguments), suffix)


def _colored(text: str) -> str:
    """What was there before in red, what is there after in green."""
    lines = ((_COLORS.get(line[:2], ""), line) for line in text.split("\n"))
    return "\n".join(f"{color}{line}{_PLAIN}" if color else line for color, line in lines)


def _graph(arguments: Namespace, spec: str) -> Graph:
    arguments.spec = spec
    return check_spec(arguments).require_graph()
