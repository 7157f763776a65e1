"""``cnndsl check``."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TextIO

from ..api import Checked
from ..diagnostics import Diagnostic, DiagnosticError
from ..ir import Graph
from ..ops.free_size import is_free
from ..reading import ZOO
from ..record import Record
from ..source import Source
from .configuration import find_configuration
from .folders import find_specs
from .output import print_diagnostics, print_diagnostics_json, print_json, write_text
from .specs import add_format, add_network, check_network, read, refuse_model

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl check model.cnn other.cnn
  cnndsl check specs
  cnndsl check --fix --diff model.cnn
  cnndsl check --fix model.cnn
  cnndsl check zoo:lenet5
  cnndsl check model.cnn --network UNet --input 3x256x256 --set classes=2
  cnndsl check --strict --format json - < model.cnn
  cnndsl check --format sarif *.cnn > cnndsl.sarif

`--fix` applies only fixes that are certain; other suggestions are printed. It writes files, never `zoo:` networks or files
that a spec uses. From standard input, the fixed text goes to standard output and all messages to standard error.

A folder means all .cnn files in it and below. Without SPEC the folders are those that `include` lists in the table
`[tool.cnndsl]` of pyproject.toml, or the current one; `exclude` and `strict` can be set there too.
"""

_STANDARD_INPUT = "-"


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "specs", metavar="SPEC", nargs="*", help=".cnn files, folders, zoo:NAME, or - for standard input"
    )
    parser.add_argument("--strict", action="store_true", help="warnings are errors")
    parser.add_argument("--fix", action="store_true", help="apply the fixes that are certain, and check what is left")
    parser.add_argument(
        "--diff",
        action="store_true",
        help="with --fix: show the fixes as a diff without writing; exit code 1 if there are any",
    )
    add_network(parser)
    add_format(parser, sarif="SARIF for code scanning", github="commands for GitHub Actions")


def run(arguments: Namespace) -> int:
    """Check every spec; 1 if one has errors (or warnings, if strict), or would change where that is asked."""
    if arguments.diff and not arguments.fix:
        print("cnndsl check: --diff shows what --fix would change: give both", file=sys.stderr)
        return 2
    configuration = find_configuration()
    results = []
    for path in find_specs(arguments.specs, configuration):
        result = _check(path, arguments)
        results.append(result)
        if arguments.format == "text":
            _print(result, sys.stderr if _takes_output(path, arguments) else sys.stdout)
    _print_all(arguments, results)
    changed = arguments.diff and any(result.is_changed for result in results)
    strict = arguments.strict or configuration.strict
    return int(changed or any(item.is_error or strict for result in results for item in result.diagnostics))


def _takes_output(path: str, arguments: Namespace) -> bool:
    """Whether standard output is for the fixed text or for the change."""
    return bool(arguments.fix and (path == _STANDARD_INPUT or arguments.diff))


class _Result(Record):
    """What is wrong with a spec, after it was fixed if that is asked, and whether that changed it.

    ``checked`` is None if it could not be read.
    """

    path: str
    diagnostics: tuple[Diagnostic, ...]
    checked: Checked | None
    is_changed: bool

    @property
    def errors(self) -> int:
        return sum(item.is_error for item in self.diagnostics)

    @property
    def warnings(self) -> int:
        return len(self.diagnostics) - self.errors


def _check(path: str, arguments: Namespace) -> _Result:
    try:
        source, settings, changed = _read(path, arguments)
        checked = check_network(source, settings, arguments)
    except DiagnosticError as error:
        return _Result(path, error.diagnostics, None, False)
    return _Result(path, checked.diagnostics, checked, changed)


def _read(path: str, arguments: Namespace) -> tuple[Source, dict[str, object], bool]:
    refuse_model(path)
    if not arguments.fix or path.startswith(ZOO):
        return *read(path), False
    from .fixing import fix_file

    plain = arguments.format == "text" and not _takes_output(path, arguments)
    source, changed = fix_file(path, shown=arguments.diff, stream=sys.stdout if plain else sys.stderr)
    return source, {}, changed


def _print_all(arguments: Namespace, results: Sequence[_Result]) -> None:
    """What is said of all specs together: for programs everything, for people how many there are."""
    diagnostics = [item for result in results for item in result.diagnostics]
    if arguments.format == "json":
        print_diagnostics_json(diagnostics, specs=list(map(_to_json, results)))
    elif arguments.format == "sarif":
        from .. import __version__
        from ..analysis.codes import all_pages
        from ..diagnostics.sarif import to_sarif

        print_json(to_sarif(diagnostics, __version__, all_pages()))
    elif arguments.format == "github":
        from ..diagnostics.github import to_github

        write_text("".join(f"{to_github(item)}\n" for item in diagnostics), sys.stdout)
    elif len(results) > 1:
        print(_total(results), file=sys.stderr if arguments.fix and arguments.diff else sys.stdout)


def _to_json(result: _Result) -> dict[str, object]:
    graphs = result.checked.graphs if result.checked else ()
    networks = [
        {
            "name": graph.name,
            "input": list(graph.input.type.shape),
            "output": list(graph.output.type.shape),
            "parameters": graph.parameter_count,
        }
        for graph in graphs
        if not is_free(graph.input.type.shape)
    ]
    return {"spec": result.path, "errors": result.errors, "warnings": result.warnings, "networks": networks}


def _total(results: Sequence[_Result]) -> str:
    errors, warnings = (sum(getattr(each, kind) for each in results) for kind in ("errors", "warnings"))
    clean = sum(not result.diagnostics for result in results)
    found = [_count(number, noun) for number, noun in ((errors, "error"), (warnings, "warning")) if number]
    return f"{len(results)} specs: {', '.join([f'{clean} clean', *found])}"


def _print(result: _Result, stream: TextIO) -> None:
    path, errors, warnings = result.path, result.errors, result.warnings
    if result.diagnostics:
        print_diagnostics(result.diagnostics, stream)
        print(file=stream)
    if result.checked is None:
        return
    if errors:
        listed = _count(errors, "error") + (f", {_count(warnings, 'warning')}" if warnings else "")
        print(f"{path}: {listed}", file=stream)
        return
    verdict = _count(warnings, "warning") if warnings else "clean"
    graphs = result.checked.graphs
    before = "; " if len(graphs) == 1 else "\n  "
    print(f"{path}: {verdict}", *map(_described, graphs), sep=before, file=stream)


def _described(graph: Graph) -> str:
    return f"{graph.name}: {graph.input.type} -> {graph.output.type}, {_count(graph.parameter_count, 'parameter')}"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
