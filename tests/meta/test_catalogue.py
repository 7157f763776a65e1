"""The catalogue of mistakes is whole: each kind is emitted, explained, and shown by a wrong spec or a command that fails."""

from __future__ import annotations

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

import cnndsl
from cnndsl.analysis.codes import all_kinds, explanation
from cnndsl.analysis.lints import LINTS
from cnndsl.diagnostics import DiagnosticKind
from cnndsl.diagnostics.catalogue import all_errors

from ..diagnostics.cases import CASES
from ..diagnostics.situations import SITUATIONS

PACKAGE = Path(cnndsl.__file__).parent
PREFIXES = {
    "files": "E00",
    "syntax": "E01",
    "names": "E02",
    "shapes": "E03",
    "training": "[EW]04",
    "importing": "[EW]06",
    "limits": "E09",
}


def kinds_of(module: str) -> dict[str, DiagnosticKind]:
    """The kinds of one phase by the names of their constants, in the order of the file."""
    found = vars(import_module(f"cnndsl.diagnostics.kinds.{module}"))
    return {name: item for name, item in found.items() if isinstance(item, DiagnosticKind)}


CONSTANTS = {name: kind for module in PREFIXES for name, kind in kinds_of(module).items()}


def test_every_module_of_kinds_is_in_the_catalogue() -> None:
    modules = {path.stem for path in (PACKAGE / "diagnostics" / "kinds").glob("*.py")} - {"__init__"}
    assert modules == set(PREFIXES)
    assert all_errors() == {kind.code: kind for kind in sorted(CONSTANTS.values(), key=lambda kind: kind.code)}


def test_lints_go_by_their_codes() -> None:
    assert list(all_kinds()) == sorted({**all_errors(), **LINTS})
    assert all(re.fullmatch(r"W05\d\d", code) and lint.kind.code == code for code, lint in LINTS.items())


@pytest.mark.parametrize("module", PREFIXES)
def test_codes_are_unique_of_their_phase_and_in_order(module: str) -> None:
    codes = [kind.code for kind in kinds_of(module).values()]
    assert codes == sorted(set(codes))
    assert all(re.fullmatch(rf"{PREFIXES[module]}\d\d", code) for code in codes)


def test_slugs_are_unique_words_with_hyphens() -> None:
    slugs = [kind.slug for kind in all_kinds().values()]
    assert len(slugs) == len(set(slugs))
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", slug) for slug in slugs)


def test_summaries_are_short_and_lower_case() -> None:
    for kind in all_kinds().values():
        assert 10 <= len(kind.summary) <= 80
        assert kind.summary[0] == kind.summary[0].lower()
        assert not kind.summary.endswith(".")


def test_every_error_is_emitted_somewhere() -> None:
    used = {name for path in PACKAGE.rglob("*.py") if path.parent.name != "kinds" for name in _names(path)}
    assert set(CONSTANTS) - used == set()


def test_every_error_has_a_case() -> None:
    """Of a wrong spec, or of a command in a situation that no spec can cause; ``tests/analysis`` has those of lints."""
    specs = {code for case in CASES for code, _, _ in case.mistakes}
    commands = {situation.code for situation in SITUATIONS}
    assert set(all_errors()) - specs - commands == set()
    assert commands <= set(all_kinds())


def test_every_error_that_a_spec_can_cause_has_a_wrong_spec() -> None:
    shown = {code for case in CASES for code, _, _ in case.mistakes}
    caused = {code for code in all_errors() if "```cnn failing" in explanation(code)}
    assert caused - shown == set()


def _names(path: Path) -> set[str]:
    """Every name and attribute in a module, imports left out: what it uses."""
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    attributes = {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return attributes | {node.id for node in nodes if isinstance(node, ast.Name)}
