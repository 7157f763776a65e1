"""``cnndsl check``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TextIO

from ..api import Checked
from ..diagnostics import Diagnostic, DiagnosticError
from ..ir import Graph
from ..reading import ZOO
from ..source import Source
from .output import print_diagnostics, print_json, write_text
from .specs import add_format, add_network, check_network, read

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl check model.cnn other.cnn
  cnndsl check --fix --diff model.cnn
  cnndsl check --fix model.cnn
  cnndsl check zoo:lenet5
  cnndsl check model.cnn --network UNet --input 3x256x256 --set classes=2
  cnndsl check --strict --format json - < model.cnn
  cnndsl check --format sarif *.cnn > cnndsl.sarif

`--fix` makes the edits that have no other reading and leaves the rest to you; it writes files, never `zoo:` or what they
`use`, and from standard input the mended text goes to standard output and all messages to standard error.
"""

_STANDARD_INPUT = "-"


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("specs", metavar="SPEC", nargs="+", help=".cnn files, zoo:NAME, or - for standard input")
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument("--fix", action="store_true", help="mend what has a certain fix, and check what is left")
    parser.add_argument("--diff", action="store_true", help="with --fix: write nothing, show the change; 1 if any")
    add_network(parser)
    add_format(parser, sarif="SARIF for code scanning", github="commands for GitHub Actions")


def run(arguments: Namespace) -> int:
    """Check every spec; 1 if one has errors (or warnings, if strict), or would change where that is asked."""
    if arguments.diff and not arguments.fix:
        print("cnndsl check: --diff shows what --fix would change: give both", file=sys.stderr)
        return 2
    diagnostics: list[Diagnostic] = []
    changed = False
    for path in arguments.specs:
        found, checked, mended = _check(path, arguments)
        diagnostics += found
        changed |= mended
        if arguments.format == "text":
            _print(path, found, checked, sys.stderr if _takes_output(path, arguments) else sys.stdout)
    _print_format(arguments.format, diagnostics)
    return int((arguments.diff and changed) or any(item.is_error or arguments.strict for item in diagnostics))


def _takes_output(path: str, arguments: Namespace) -> bool:
    """Whether standard output is for the mended text or for the change."""
    return bool(arguments.fix and (path == _STANDARD_INPUT or arguments.diff))


def _check(path: str, arguments: Namespace) -> tuple[tuple[Diagnostic, ...], Checked | None, bool]:
    """What is wrong with a spec, after it was mended if that is asked, and whether that changed it."""
    try:
        source, settings, changed = _read(path, arguments)
        checked = check_network(source, settings, arguments)
    except DiagnosticError as error:
        return error.diagnostics, None, False
    return checked.diagnostics, checked, changed


def _read(path: str, arguments: Namespace) -> tuple[Source, dict[str, object], bool]:
    if not arguments.fix or path.startswith(ZOO):
        return *read(path), False
    from .mending import mend_file

    plain = arguments.format == "text" and not _takes_output(path, arguments)
    source, changed = mend_file(path, shown=arguments.diff, stream=sys.stdout if plain else sys.stderr)
    return source, {}, changed


def _print_format(format_: str, diagnostics: Sequence[Diagnostic]) -> None:
    """The diagnostics of all specs for programs."""
    if format_ == "json":
        from ..diagnostics.json import SCHEMA, to_json

        print_json({"schema": SCHEMA, "diagnostics": [to_json(item) for item in diagnostics]})
    elif format_ == "sarif":
        from .. import __version__
        from ..analysis.codes import all_pages
        from ..diagnostics.sarif import to_sarif

        print_json(to_sarif(diagnostics, __version__, all_pages()))
    elif format_ == "github":
        from ..diagnostics.github import to_github

        write_text("".join(f"{to_github(item)}\n" for item in diagnostics), sys.stdout)


def _print(path: str, diagnostics: tuple[Diagnostic, ...], checked: Checked | None, stream: TextIO) -> None:
    if diagnostics:
        print_diagnostics(diagnostics, stream)
        print(file=stream)
    errors = sum(item.is_error for item in diagnostics)
    warnings = len(diagnostics) - errors
    if checked is None:
        return
    if errors:
        listed = _count(errors, "error") + (f", {_count(warnings, 'warning')}" if warnings else "")
        print(f"{path}: {listed}", file=stream)
        return
    verdict = _count(warnings, "warning") if warnings else "clean"
    before = "; " if len(checked.graphs) == 1 else "\n  "
    print(f"{path}: {verdict}", *map(_described, checked.graphs), sep=before, file=stream)


def _described(graph: Graph) -> str:
    return f"{graph.name}: {graph.input.type} -> {graph.output.type}, {_count(graph.parameter_count, 'parameter')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
