"""``cnndsl explain``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from ..analysis.codes import all_kinds, explanation
from ..diagnostics.suggest import nearest
from .output import print_document, print_page
from .specs import add_format

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl explain E0301
  cnndsl explain --list --format json
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("code", metavar="CODE", nargs="?", help="the code of an error or warning, such as E0301")
    parser.add_argument("--list", action="store_true", help="list all codes")
    add_format(parser, markdown="the page as Markdown")


def run(arguments: Namespace) -> int:
    """Print the page of a code, or the list of all codes; 2 if there is no such code."""
    kinds = all_kinds()
    if arguments.list:
        return _list(arguments.format)
    if arguments.code is None:
        print("cnndsl explain: give a code such as E0301, or --list", file=sys.stderr)
        return 2
    code = arguments.code.upper()
    if code not in kinds:
        meant = nearest(code, kinds)
        hint = f"did you mean `{meant}`?" if meant else "`cnndsl explain --list` lists them"
        print(f"cnndsl explain: no code `{arguments.code}`; {hint}", file=sys.stderr)
        return 2
    if arguments.format == "json":
        kind = kinds[code]
        print_document("code", {"code": code, "slug": kind.slug, "explanation": explanation(code)})
    else:
        print_page(explanation(code), arguments.format)
    return 0


def _list(format_: str) -> int:
    kinds = all_kinds().values()
    if format_ == "json":
        rows = [{"code": kind.code, "slug": kind.slug, "summary": kind.summary} for kind in kinds]
        print_document("codes", {"kinds": rows})
        return 0
    for kind in kinds:
        print(f"{kind.code}  {kind.summary}")
    return 0
