"""Blocks from other files: what a file sees, and what it passes on."""

from __future__ import annotations

import pytest

from cnndsl.api import check_source, check_text
from cnndsl.diagnostics import Diagnostic, DiagnosticError
from cnndsl.diagnostics.kinds import files
from cnndsl.diagnostics.text import render
from cnndsl.elaborate import build_library
from cnndsl.problems import Problem
from cnndsl.reading import read_spec
from cnndsl.source import Source
from cnndsl.syntax import ast, parse

from .built import layers, network, shape


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Writes files into the current folder and checks the one called spec.cnn."""
    monkeypatch.chdir(tmp_path)

    def write(**texts: str):
        for name, text in texts.items():
            path = tmp_path / f"{name.replace('__', '/')}.cnn"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return check_source(read_spec("spec.cnn")[0])

    return write


def spec(use: str, body: str) -> str:
    return f"{use}\nnetwork Spec {{\n    input 8x16x16\n    {body}\n}}\n"


def test_a_block_of_a_file_beside_the_spec(folder) -> None:
    checked = folder(spec=spec('use unit from "parts.cnn"', "unit 4"), parts="block unit(n) { conv n 1x1 }")
    assert layers(checked.require_graph()) == ["0.0 conv"]


def test_paths_begin_at_the_file_that_uses(folder) -> None:
    checked = folder(
        spec=spec('use unit from "lib/a.cnn"', "unit 4"),
        lib__a='use inner from "b.cnn"\nblock unit(n) { inner n | inner n }',
        lib__b="block inner(n) { conv n 1x1 }",
    )
    assert layers(checked.require_graph()) == ["0.0.0 conv", "0.1.0 conv"]


def test_a_block_sees_the_blocks_of_its_own_file(folder) -> None:
    checked = folder(
        spec=spec('use unit from "a.cnn"\nblock inner(n) { tanh }', "unit 4\ninner 4"),
        a="block inner(n) { conv n 1x1 }\nblock unit(n) { inner n }",
    )
    assert layers(checked.require_graph()) == ["0.0.0 conv", "1.0 tanh"]


def test_two_ways_to_one_file_are_one_file(folder) -> None:
    checked = folder(
        spec=spec('use left from "left.cnn"\nuse right from "right.cnn"', "left\nright"),
        left='use base from "base.cnn"\nblock left { base }',
        right='use base from "base.cnn"\nblock right { base }',
        base="block base { relu }",
    )
    assert layers(checked.require_graph()) == ["0.0.0 relu", "1.0.0 relu"]


@pytest.mark.parametrize("name", ["conv_bn 8 3x3 pad=1", "basic 8", "bottleneck 8"])
def test_std_has_the_blocks_of_the_papers(name) -> None:
    word = name.split()[0]
    assert shape(network(name, blocks=f"use {word} from std")).endswith("x16x16")


def test_std_is_not_a_file_of_the_folder(folder) -> None:
    checked = folder(spec=spec("use conv_bn from std", "conv_bn 4 1x1"), std="block conv_bn(n, k) { tanh }")
    assert layers(checked.require_graph()) == ["0.conv conv", "0.bn bn", "0.2 relu"]


def test_a_text_that_is_no_file_uses_std_and_no_files() -> None:
    assert not check_text(spec("use basic from std", "basic 8")).diagnostics
    assert [item.kind.code for item in check_text(spec('use a from "a.cnn"', "a")).diagnostics] == ["E0215"]


def test_a_file_of_blocks_alone_is_sound(folder) -> None:
    assert folder(spec="block unit(n) { conv n 1x1 }").diagnostics == ()


def test_a_mistake_in_a_used_file_is_shown_there_with_the_call_here(folder) -> None:
    checked = folder(spec=spec('use unit from "a.cnn"', "unit 4"), a="block unit(n) {\n    conv n 1x1 padd=1\n}\n")
    (item,) = checked.diagnostics
    assert render(item).startswith("error[E0202]")
    assert "--> a.cnn:2:16" in render(item)
    assert "::: spec.cnn:4:5" in render(item)


@pytest.mark.parametrize("use", ['use unit from "none.cnn"', 'use unit, other from "a.cnn"', "use unit from a"])
def test_a_block_that_could_not_be_used_is_one_error(folder, use) -> None:
    checked = folder(
        spec=spec(use, "unit 4\nother 4\nrelu" if "other" in use else "unit 4\nrelu"), a="block other(n) { bn }"
    )
    assert len(checked.diagnostics) == 1


def test_recursion_in_a_used_file_is_found(folder) -> None:
    checked = folder(spec=spec('use a from "a.cnn"', "a"), a="block a { relu | b }\nblock b { a | a }")
    assert [item.kind.code for item in checked.diagnostics] == ["E0217"]


def test_a_circle_of_files_is_one_error(folder) -> None:
    checked = folder(
        spec=spec('use a from "a.cnn"', "a"),
        a='use b from "b.cnn"\nblock a { b }',
        b='use a from "a.cnn"\nblock b { relu }',
    )
    assert [item.kind.code for item in checked.diagnostics] == ["E0216"]


def test_the_reader_alone_decides_what_may_be_read() -> None:
    def read(source: Source, wanted: str) -> ast.File:
        if wanted != "known":
            raise DiagnosticError(Diagnostic(files.CANNOT_READ, f"cannot read `{wanted}`"))
        return parse(Source("memory", "block unit { relu }"))

    found: list[Problem] = []
    file = parse(Source("text", 'use unit from "known"\nuse other from "unknown"\n'))
    library = build_library(file, read, lambda problem, state: found.append(problem))
    assert list(library.blocks) == ["unit"]
    assert [problem.sentence for problem in found] == ["cannot read `unknown`"]
