"""The rules that keep the core small and ignorant of explanations; import-linter holds who imports whom (pyproject.toml)."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "cnndsl"

CORE = ("syntax", "elaborate", "ir")
CORE_LINES = 4300
# At most 3,300 (docs/decisions/0020); it may only become smaller.
EXPLAINING_LINES = 3299
FILE_LINES = 400
GENERATED = PACKAGE / "syntax" / "tables.py"
# The grammar becomes tables when it changes, and never when a spec is read.
BESIDE_THE_CORE = ("syntax/tables.py", "syntax/generate.py")
# What messages and the importer share: calls of other frameworks in our words.
TRANSLATING_LINES = 622
# Words, signatures, settings and habits of other programs, a row for each.
FOREIGN_TABLES = frozenset(
    (
        "explain/foreign/habits.py",
        *(f"translation/{name}.py" for name in ("conversions", "layers", "names", "tool_names", "training")),
    )
)

# Whose modules may import one of their own when it is needed: the commands, and those that load heavy packages.
IMPORTING_LATE = ("api", "__init__.py", "cli", "reports", "backends")
# Everything before these has the text as tokens and trees.
WITHOUT_TEXT = ("elaborate", "ir", "ops")
IDENTITY = (ast.Is, ast.IsNot)
COMPARING = frozenset(
    ("startswith", "endswith", "find", "index", "count", "split", "partition", "removeprefix", "replace")
)


def _files(*places: str) -> list[Path]:
    found = (PACKAGE / place for place in places or (".",))
    return sorted(path for place in found for path in (place.rglob("*.py") if place.is_dir() else [place]))


def _name(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def _nodes(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text())))


def _lines(paths: list[Path]) -> int:
    return sum(len(path.read_text().splitlines()) for path in paths)


def test_the_core_stays_small() -> None:
    files = [path for path in _files(*CORE) if not _name(path).startswith(BESIDE_THE_CORE)]
    assert _lines(files) <= CORE_LINES


def test_the_explaining_stays_small() -> None:
    files = [path for path in _files("explain") if _name(path) not in FOREIGN_TABLES]
    assert _lines(files) <= EXPLAINING_LINES


def test_the_translating_stays_small() -> None:
    files = [path for path in _files("translation") if _name(path) not in FOREIGN_TABLES]
    assert _lines(files) <= TRANSLATING_LINES


def test_files_have_a_few_screens() -> None:
    long = {_name(path): _lines([path]) for path in _files() if path != GENERATED}
    assert {name: count for name, count in long.items() if count > FILE_LINES} == {}


def test_the_map_of_the_code_has_the_layers_in_their_order() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (layers,) = (each["layers"] for each in contracts if each["name"] == "layers")
    rows = re.findall(r"^\| (`.*?) \|", (ROOT / "docs" / "contributing.md").read_text(), re.MULTILINE)
    assert [re.findall(r"`(\w+)`", row) for row in rows] == [layer.split(" | ") for layer in layers]


def test_modules_do_not_import_each_other_in_circles() -> None:
    graph = grimp.build_graph("cnndsl", exclude_type_checking_imports=False, cache_dir=None)
    imported = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    TopologicalSorter(imported).prepare()  # raises with the circle that it finds


@pytest.mark.parametrize("package", WITHOUT_TEXT)
def test_the_text_is_read_once(package: str) -> None:
    found = [f"{_name(path)}:{line}" for path in _files(package) for line in _readings_of_text(path)]
    assert not found, "\n".join(found)


def _readings_of_text(path: Path) -> Iterator[int]:
    """The lines that import regular expressions or look into the text of a source."""
    for node in _nodes(path):
        match node:
            case ast.Import(names=names) if any(alias.name == "re" for alias in names):
                yield node.lineno
            case ast.ImportFrom(module="re"):
                yield node.lineno
            case ast.Attribute(attr="text", value=ast.Name(id="source") | ast.Attribute(attr="source")):
                yield node.lineno


def test_own_modules_are_imported_at_the_top() -> None:
    files = [path for path in _files() if _name(path).split("/")[0] not in IMPORTING_LATE]
    found = [f"{_name(path)}:{line}" for path in files for line in _late_imports(path)]
    assert not found, "\n".join(found)


def _late_imports(path: Path) -> Iterator[int]:
    for function in _nodes(path):
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                if isinstance(node, ast.ImportFrom) and (node.level or (node.module or "").startswith("cnndsl")):
                    yield node.lineno


def test_nothing_is_decided_by_reading_a_message() -> None:
    files = [path for path in _files() if not _name(path).startswith("diagnostics/")]
    found = [f"{_name(path)}:{line}" for path in files for line in _readings_of_messages(path)]
    assert not found, "\n".join(found)


def _readings_of_messages(path: Path) -> Iterator[int]:
    """The lines that compare or take apart what a diagnostic, a label or a fix says."""
    for node in _nodes(path):
        match node:
            case ast.Compare(left=left, ops=[operator, *_], comparators=others) if not isinstance(operator, IDENTITY):
                read = [left, *others]
            case ast.Call(func=ast.Attribute(attr=attr, value=value)) if attr in COMPARING:
                read = [value]
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re")), args=arguments):
                read = arguments
            case ast.comprehension(iter=ast.Attribute(attr="help") as lines):
                read = [lines]
            case _:
                continue
        if any(_is_said(part) for part in read):
            yield getattr(node, "lineno", None) or node.iter.lineno  # type: ignore[attr-defined]


def _is_said(node: ast.AST) -> bool:
    match node:
        case ast.Subscript(value=value):
            return _is_said(value)
        case ast.Attribute(attr="message" | "help" | "notes" | "sentence"):
            return True
        case ast.Attribute(attr="text", value=ast.Name(id=name) | ast.Attribute(attr=name)):
            return name in ("primary", "secondary")
    return False


_LOADED = """
import sys
from cnndsl.cli.main import main
main(["check", sys.argv[1]])
print(sum(name.startswith(sys.argv[2]) for name in sys.modules))
"""


def test_a_clean_text_needs_no_explaining(tmp_path: Path) -> None:
    assert _loaded("zoo:lenet5", "cnndsl.explain") == 0


@pytest.mark.parametrize("package", ["cnndsl.backends", "cnndsl.solve", "cnndsl.training", "cnndsl.reports"])
def test_a_check_needs_no_more_than_it_does(package: str) -> None:
    assert _loaded("zoo:lenet5", package) == 0


def test_a_mistake_is_explained(tmp_path: Path) -> None:
    spec = tmp_path / "wrong.cnn"
    spec.write_text("network Wrong {\n    input 3x32x32\n    convv 8 3x3\n}\n")
    assert _loaded(str(spec), "cnndsl.explain") > 0


def _loaded(spec: str, package: str) -> int:
    """How many modules of a package a check of a spec has loaded."""
    command = [sys.executable, "-c", _LOADED, spec, package]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return int(done.stdout.splitlines()[-1])
