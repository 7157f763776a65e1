"""``cnndsl layers``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from typing import Any

from ..attributes import format_value
from ..diagnostics.suggest import nearest
from ..ops import OPERATORS, Operator
from ..reports.reference import block_doc, families, render_block, render_operator, std_blocks
from ..syntax import ast
from ..translation.meaning import meaning
from .output import print_document, print_page, shortened, table_width, write_text
from .specs import add_format

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl layers
  cnndsl layers conv
  cnndsl layers bottleneck
  cnndsl layers --format json
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("name", metavar="NAME", nargs="?", help="a layer or a block of std, such as conv or bottleneck")
    add_format(parser, markdown="the page as Markdown")


def run(arguments: Namespace) -> int:
    """Print all layers by family and the blocks of std, or the page of one; 2 if there is no such layer."""
    name = arguments.name
    if name is not None and name not in OPERATORS and name not in std_blocks():
        print(f"cnndsl layers: no layer `{name}`; {_hint(name)}", file=sys.stderr)
        return 2
    if arguments.format == "json":
        layers = [_to_json(operator) for operator in OPERATORS.values() if name in (None, operator.name)]
        blocks = [_block_to_json(block) for key, block in std_blocks().items() if name in (None, key)]
        print_document("layers", {"layers": layers, "blocks": blocks})
    elif name is None:
        _list()
    else:
        print_page(render_operator(OPERATORS[name]) if name in OPERATORS else render_block(name), arguments.format)
    return 0


def _hint(name: str) -> str:
    """What is called so elsewhere, or nearly so here."""
    found = meaning(name)
    if found is not None and found.exact:
        return f"did you mean `{found.layer}`?"
    if found is not None:
        return found.sentence
    near = nearest(name, (*OPERATORS, *std_blocks()))
    return f"did you mean `{near}`?" if near else "`cnndsl layers` lists them"


def _list() -> None:
    blocks = std_blocks()
    width = max(map(len, (*OPERATORS, *blocks)))
    said = {name: OPERATORS[name].summary().replace("``", "`") for name in OPERATORS}
    said |= {name: block_doc(block) for name, block in blocks.items()}
    for title, names in {**families(), "Blocks of std (`use NAME from std`)": list(blocks)}.items():
        write_text(f"{shortened(title, table_width())}\n", sys.stdout)
        for name in names:
            line = f"  {name:<{width}}  {said[name]}"
            write_text(f"{shortened(line, table_width())}\n", sys.stdout)


def _block_to_json(block: ast.Definition) -> dict[str, Any]:
    names = [parameter.name.text for parameter in block.parameters]
    return {"name": block.name.text, "summary": block_doc(block), "parameters": names}


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
