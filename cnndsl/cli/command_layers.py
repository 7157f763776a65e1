"""``cnndsl layers``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from ..attributes import format_value
from ..diagnostics.suggest import nearest
from ..explain.foreign.words import meaning
from ..ops import OPERATORS, Operator
from ..reports.reference import families, render_operator
from .output import print_document, write_text
from .specs import add_format

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl layers
  cnndsl layers conv
  cnndsl layers --format json
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="a layer, such as conv")
    add_format(parser)


def run(arguments: Namespace) -> int:
    """Print all layers by family, or the page of one; 2 if there is no such layer."""
    if arguments.name is not None and arguments.name not in OPERATORS:
        print(f"cnndsl layers: no layer `{arguments.name}`; {_hint(arguments.name)}", file=sys.stderr)
        return 2
    if arguments.format == "json":
        chosen = [arguments.name] if arguments.name else list(OPERATORS)
        print_document("layers", {"layers": [_to_json(OPERATORS[name]) for name in chosen]})
    elif arguments.name:
        write_text(render_operator(OPERATORS[arguments.name]), sys.stdout)
    else:
        _list()
    return 0


def _hint(name: str) -> str:
    """What is called so elsewhere, or nearly so here."""
    found = meaning(name)
    if found is not None and found.exact:
        return f"did you mean `{found.layer}`?"
    if found is not None:
        return found.sentence
    near = nearest(name, OPERATORS)
    return f"did you mean `{near}`?" if near else "`cnndsl layers` lists them"


def _list() -> None:
    width = max(map(len, OPERATORS))
    for title, names in families().items():
        write_text(f"{title}\n", sys.stdout)
        for name in names:
            write_text(f"  {name:<{width}}  {OPERATORS[name].summary().replace('``', '`')}\n", sys.stdout)


def _to_json(operator: type[Operator]) -> dict[str, Any]:
    attributes = [
        {
            "name": name,
            "aliases": list(info.aliases),
            "meaning": info.doc,
            "value": info.type.description,
            "required": info.required,
            "default": None if info.required or info.default is None else format_value(info.default),
        }
        for name, info in operator.attributes().items()
    ]
    return {
        "name": operator.name,
        "summary": operator.summary(),
        "positional": list(operator.positional),
        "attributes": attributes,
        "examples": [sample.text for sample in operator.samples],
    }
