"""The language reference says what is true: every example is checked, with the shapes, names and errors that it claims."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cnndsl.api import Checked, check_source
from cnndsl.attributes import LARGEST
from cnndsl.elaborate import budget, expectations
from cnndsl.elaborate.functions import FUNCTIONS
from cnndsl.ir import Graph
from cnndsl.ops import format_shape
from cnndsl.source import MAX_SOURCE, Source
from cnndsl.syntax.parser import MAX_NESTING
from cnndsl.syntax.tables import KEYWORDS

from .fences import DOCS, Fence, fences

PAGE = (DOCS / "language.md").read_text(encoding="utf-8")
FENCES = fences("language.md")
EXAMPLES = [fence for fence in FENCES if fence.language == "cnn" and not fence.option("file")]


@pytest.fixture(autouse=True)
def _files(tmp_path, monkeypatch) -> None:
    """The files that examples use lie beside them."""
    monkeypatch.chdir(tmp_path)
    for fence in FENCES:
        if fence.option("file"):
            path = tmp_path / fence.option("file")
            path.parent.mkdir(exist_ok=True)
            path.write_text(fence.text, encoding="utf-8")


def check(fence: Fence) -> tuple[Checked, int]:
    """An example, wrapped in a network if it is a fragment, and how many lines that puts before it."""
    shape = fence.option("in")
    text = f"network Fragment {{\n    input {shape}\n{fence.text}}}\n" if shape else fence.text
    return check_source(Source("example.cnn", text, "example.cnn")), 2 if shape else 0


def claimed(fence: Fence, sort: str) -> list[tuple[int, str]]:
    return [(line, value) for line, kind, value in fence.claims() if kind == sort]


@pytest.mark.parametrize("fence", EXAMPLES, ids=lambda fence: f"line {fence.line}")
def test_errors(fence: Fence) -> None:
    checked, before = check(fence)
    found = [(item.primary.span.position[0] - before, item.kind.code) for item in checked.diagnostics]
    assert found == claimed(fence, "error")


@pytest.mark.parametrize("fence", EXAMPLES, ids=lambda fence: f"line {fence.line}")
def test_shapes_and_names(fence: Fence) -> None:
    lines = fence.text.splitlines()
    for wrong, _ in claimed(fence, "error"):
        lines[wrong - 1] = ""
    claims = [claim for claim in fence.claims() if claim[1] != "error"]
    if not claims:
        return
    checked, before = check(fence.replace(text="\n".join(lines) + "\n"))
    graph = checked.require_graph()
    for line, sort, value in claims:
        if sort == "shape":
            assert shape_at(graph, line + before) == value, lines[line - 1]
        else:
            nodes = [node.path for node in graph.nodes if node.span.position[0] == line + before]
            assert nodes == value.split(), lines[line - 1]


def shape_at(graph: Graph, line: int) -> str:
    """The shape behind the last statement that ends on a line, where blocks are called on the line that calls them."""
    *_, last = (node for node in graph.nodes if outermost(node).end_position[0] == line)
    return format_shape(last.output.type.shape)


def outermost(node):
    """The span of a node, or of the call in the network's body that it belongs to."""
    span, block = node.span, node.block
    while block is not None:
        if block.name:
            span = block.span
        block = block.parent
    return span


@pytest.mark.parametrize(
    "index", [index for index, fence in enumerate(FENCES) if fence.info[1:] == ("parameter", "names")]
)
def test_parameter_names(index: int) -> None:
    checked, _ = check(FENCES[index - 1])
    assert list(checked.require_graph().parameters) == FENCES[index].text.split()


def test_every_function_is_named() -> None:
    (sentence,) = re.findall(r"^The functions are .*?;", PAGE, re.MULTILINE | re.DOTALL)
    assert set(re.findall(r"`(\w+)`", sentence)) == set(FUNCTIONS)


def test_every_word_is_listed() -> None:
    section = PAGE.split("## Words")[1].split("```")[0]
    words = {*KEYWORDS, "else", "shortcut"}
    assert words <= set(re.findall(r"`(\w+)`", section))


@pytest.mark.parametrize(
    ("what", "limit"),
    [
        ("brackets inside brackets", MAX_NESTING),
        ("blocks that call blocks", budget.MAX_CALLS),
        ("files that use files", budget.MAX_INCLUDES),
        ("operators of a network", budget.MAX_OPERATORS),
        ("statements that a network expands to", budget.MAX_STATEMENTS),
        ("values, elements, statements and layers of a whole check", budget.MAX_STEPS),
        ("parameters of a network", budget.MAX_PARAMETERS),
        ("a size", LARGEST),
        ("elements of a list", budget.MAX_LIST),
        ("variants that expectations name", budget.MAX_VARIANTS),
        ("operators of all these variants", expectations.MAX_VARIANT_OPERATORS),
    ],
)
def test_limits(what: str, limit: int) -> None:
    assert f"| {what} | {limit:,} |" in PAGE


def test_the_size_of_a_file() -> None:
    assert f"| the text of a file | {MAX_SOURCE // 1024} KiB |" in PAGE


@pytest.mark.parametrize("page", ["language.md", "tutorial.md"])
def test_links_inside_the_page_lead_somewhere(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    headings = {re.sub(r"[^a-z0-9 -]", "", line.lower()).strip().replace(" ", "-") for line in _headings(text)}
    assert set(re.findall(r"\]\(#([^)]+)\)", text)) <= headings


@pytest.mark.parametrize("page", ["language.md", "tutorial.md"])
def test_links_to_files_lead_somewhere(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    for link in re.findall(r"\]\(([^)#:]+)\)", text):
        assert (Path(DOCS) / link).exists(), link


def _headings(text: str) -> list[str]:
    return re.findall(r"^#+ (.*)$", text, re.MULTILINE)
