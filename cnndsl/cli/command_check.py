"""``cnndsl check``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from ..api import Checked, check_source
from ..diagnostics import Diagnostic, DiagnosticError
from .output import print_diagnostics, print_json
from .specs import add_format, read

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl check model.cnn other.cnn
  cnndsl check zoo:lenet5
  cnndsl check --strict --format json - < model.cnn
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("specs", metavar="SPEC", nargs="+", help=".cnn files, zoo:NAME, or - for standard input")
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    add_format(parser)


def run(arguments: Namespace) -> int:
    """Check every spec; 1 if one has errors (or warnings, if strict)."""
    diagnostics: list[Diagnostic] = []
    for path in arguments.specs:
        found, checked = _check(path)
        diagnostics += found
        if arguments.format == "text":
            _print(path, found, checked)
    if arguments.format == "json":
        from ..diagnostics.json import SCHEMA, to_json

        print_json({"schema": SCHEMA, "diagnostics": [to_json(item) for item in diagnostics]})
    return int(any(item.is_error or arguments.strict for item in diagnostics))


def _check(path: str) -> tuple[tuple[Diagnostic, ...], Checked | None]:
    try:
        source, settings = read(path)
    except DiagnosticError as error:
        return error.diagnostics, None
    checked = check_source(source, settings)
    return checked.diagnostics, checked


def _print(path: str, diagnostics: tuple[Diagnostic, ...], checked: Checked | None) -> None:
    if diagnostics:
        print_diagnostics(diagnostics, sys.stdout)
        print()
    errors = sum(item.is_error for item in diagnostics)
    warnings = len(diagnostics) - errors
    if checked is None:
        return
    if errors:
        print(f"{path}: {_count(errors, 'error')}" + (f", {_count(warnings, 'warning')}" if warnings else ""))
        return
    verdict = _count(warnings, "warning") if warnings else "clean"
    graph = checked.graph
    described = f"; {graph.name}: {graph.input.type} -> {graph.output.type}, " if graph else ""
    parameters = f"{_count(graph.parameter_count, 'parameter')}" if graph else ""
    print(f"{path}: {verdict}{described}{parameters}")


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
