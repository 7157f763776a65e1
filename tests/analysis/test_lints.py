"""Lints: where each one warns, in these words, and the near misses where it does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnndsl.analysis.lints import LINTS
from cnndsl.analysis.lints.lint import Lint
from cnndsl.api import check_source, check_text
from cnndsl.diagnostics.text import render
from cnndsl.source import Source

TRAIN = "train {\n    data digits\n    optimizer adam\n    epochs 1\n}\n"


def network(body: str, shape: str = "3x32x32", *, before: str = "", parameters: str = "") -> str:
    lines = "".join(f"    {line.strip()}\n" for line in body.strip().split("\n"))
    return f"{before}network Test{parameters} {{\n    input {shape}\n{lines}}}\n"


def examples(lint: Lint, mark: str) -> list[str]:
    return re.findall(rf"^```{mark}\n(.*?)^```$", lint.page(), re.MULTILINE | re.DOTALL)


def failing(lint: Lint) -> str:
    (text,) = examples(lint, "cnn failing")
    return text


@pytest.mark.parametrize("lint", LINTS.values(), ids=LINTS)
def test_it_warns_of_what_its_page_shows(lint: Lint, golden) -> None:
    (item,) = check_text(failing(lint), "spec.cnn").diagnostics
    assert item.kind is lint.kind
    golden(f"lints/{lint.code}.txt", render(item))
    for text in examples(lint, "cnn"):
        assert codes(text) == []


def codes(text: str) -> list[str]:
    return [item.kind.code for item in check_text(text).diagnostics]


NEAR_MISSES = {
    "softmax that no cross entropy follows": network("flatten | dense 10 | softmax", "1x8x8"),
    "softmax inside": network("flatten | dense 10 | softmax | dense 10", "1x8x8") + TRAIN,
    "steps of a 1x1 window": network("conv 8 1x1 stride=2"),
    "steps of a window of 1 on one axis": network("conv 8 (1, 3) stride=(2, 1)"),
    "only padding is behind the last window": network("conv 8 3x3 stride=2 pad=1"),
    "the last row is covered thanks to padding": network("conv 8 11x11 stride=4 pad=2", "3x224x224"),
    "ceil mode": network("maxpool 2x2 ceil_mode=true", "3x11x11"),
    "same padding": network("conv 8 5x5 stride=3 pad=same", "3x31x31"),
    "a size that is free": network("conv 8 3x3 stride=2", "3x?x?"),
    "channels last and put first": network("permute (2, 0, 1) | conv 8 3x3", "32x32x3"),
    "a small image of many channels": network("conv 8 1x1", "64x4x3"),
    "channels first": network("conv 8 3x3", "3x32x32"),
    "no bias before bn": network("conv 8 3x3 bias=false | bn"),
    "something between bias and bn": network("conv 8 3x3 | relu | bn"),
    "the bias is read elsewhere": network("a: conv 8 3x3\nbn\nadd a"),
    "layer norm keeps the bias": network("conv 8 3x3 | layer_norm axis=0"),
    "the mean of another axis": network("dense 8 axis=-1 | bn", "4x6"),
    "a non-linearity between": network("dense 20 | relu | dropout 0.5 | dense 10", "30"),
    "bn between": network("dense 20 bias=false | bn | dense 10", "30"),
    "a narrow layer that saves parameters": network("dense 5 | dense 30", "30"),
    "the first is read elsewhere": network("a: dense 20\ndense 20\nadd a", "30"),
    "the numbers of many places, flattened": network("dense 8 axis=-1 | flatten | dense 10", "4x6"),
    "a block that another block uses": network(
        "outer", before="block inner { relu }\nblock outer { inner }\n", shape="3x4x4"
    ),
    "a block that is handed on": network(
        "unit wave", before="block wave { tanh }\nblock unit(act) { act }\n", shape="3x4x4"
    ),
    "blocks for others": "block unit { relu }\n",
    "a block that is unused by intent": network("relu", before="block _unit { relu }\n"),
    "a label alone": network("c1: conv 8 3x3\nc2: conv 8 3x3"),
    "a value that a head reads": network(
        "a: conv 8 1x1\nhead weight=0.5 {\nfrom a\nglobal_maxpool | flatten\ndense 3\n}\nconv 4 1x1"
    ),
    "a part that is left out by intent": network("a, _b: split 2\nfrom a", "4x8x8"),
    "a parameter of a label": network('"a{n}": conv 8 3x3', parameters="(n = 1)"),
    "a parameter of another's default": network(
        "unit 4", before="block unit(n, m = 2 * n) { conv m 1x1 }\n", shape="3x4x4"
    ),
    "a parameter that is unused by intent": network("unit 4", before="block unit(_n) { relu }\n"),
    "a parameter of a used block": network("unit 4 5", before="block unit(n, m) { if n > 2 { conv m 1x1 } }\n"),
    "a let that a let uses": network("let a = 4\nlet b = 2 * a\nconv b 3x3"),
    "a let that is an index": network("let a = [4, 8]\nlet b = 1\nconv a[b] 3x3"),
    "a large layer of a small network": network("flatten\ndense 200 | relu\ndense 50 | relu\ndense 10"),
    "many classes": network("conv 512 2x2 | relu\nconv 64 1x1 | relu\nflatten\ndense 20_000", "3x2x2"),
    "a table of words": network("embedding 20_000 100\nconv1d 8 3 | relu | conv1d 8 3", "10 of=token"),
    "windows side by side": network("maxpool 2x2"),
    "places picked out": network("maxpool 1x1 stride=2"),
    "a pooling of the whole image": network(
        "conv 8 3x3 stride=2 pad=1\nconv 4 5x5 stride=5 | conv 9 3x3\nglobal_avgpool", "1x30x30"
    ),
    "a dense layer sees everything": network("conv 8 3x3 | flatten | dense 10"),
    "a gate is not the last pooling": network(
        "conv 8 3x3 pad=1\nmul {\nbranch { identity }\nbranch { global_avgpool | conv 8 1x1 | sigmoid }\n}\nglobal_avgpool"
    ),
    "n-grams of a text": network("conv1d 8 3 | relu | global_maxpool", "8x30"),
    "a label for every pixel": network("conv 8 3x3 pad=1 | relu | conv 2 1x1"),
    "from what is current": network("a: conv 8 3x3\nfrom a\nrelu"),
    "branches that begin elsewhere": network(
        "a: conv 8 1x1\nb: conv 8 1x1\nconcat {\nbranch { from a }\nbranch { from b }\n}"
    ),
    "a comment that speaks of allowing": network("# allow for wider inputs\nconv 8 3x3"),
    "text like a comment": network('"a{1}": conv 8 3x3  # see `# allow W0502`'),
}


@pytest.mark.parametrize("text", NEAR_MISSES.values(), ids=NEAR_MISSES)
def test_near_misses(text: str) -> None:
    assert codes(text) == []


def test_warnings_wait_until_there_are_no_errors() -> None:
    assert codes(network("conv 8 3x3 stride=2")) == ["W0502"]
    assert codes(network("conv 8 3x3 stride=2\nconv 8 3x3 strid=2")) == ["E0202"]


@pytest.mark.parametrize(
    "layer", ["maxpool 3x3 stride=2", "avgpool 3x3 stride=2", "lppool 3x3 stride=2", "depthwise 3x3 stride=2"]
)
def test_every_sliding_window_can_lose_rows(layer: str) -> None:
    assert codes(network(layer)) == ["W0502"]
    assert codes(network(layer, "3x33x33")) == []


@pytest.mark.parametrize("layer", ["conv1d 3 3 stride=2", "maxpool1d 3 stride=2", "avgpool1d 3 stride=2"])
def test_lines_can_lose_places(layer: str) -> None:
    assert codes(network(layer, "3x32")) == ["W0502"]
    assert codes(network(layer, "3x33")) == []


@st.composite
def windows(draw):
    """A convolution over one row: its text, and for each real place whether any window covers it."""
    size, kernel = draw(st.integers(1, 40)), draw(st.integers(2, 6))
    dilation = draw(st.integers(1, 3))
    stride = draw(st.integers(1, dilation * (kernel - 1) + 1))
    left, right = draw(st.integers(0, 4)), draw(st.integers(0, 4))
    extent = dilation * (kernel - 1) + 1
    assume(size + left + right >= extent)
    covered = [False] * (left + size + right)
    start = 0
    while start + extent <= len(covered):
        covered[start : start + extent] = [True] * extent
        start += stride
    text = f"conv1d 2 {kernel} stride={stride} dilation={dilation} pad=(left={left}, right={right})"
    return text, size, covered[left : left + size]


@given(windows())
def test_lost_places_are_those_behind_the_last_window(drawn) -> None:
    text, size, covered = drawn
    lost = next((index for index, seen in enumerate(reversed(covered)) if seen), size)
    found = check_text(network(text, f"3x{size}")).diagnostics
    assert [item.kind.code for item in found] == ["W0502"] * (lost > 0)
    if lost:
        what = "position" if lost == 1 else f"{lost} positions"
        assert found[0].message == f"no window covers the last {what} of 3x{size}"


@given(windows())
def test_the_help_of_lost_rows_helps(drawn) -> None:
    text, size, _ = drawn
    for item in check_text(network(text, f"3x{size}")).diagnostics:
        given_, *ways = item.help
        for shape in re.findall(r"3x\d+", given_):
            assert codes(network(text, shape)) == []
        assert ways
        for way in ways:
            pad, shape = re.fullmatch(r"`(.*)` loses none and gives (\S+)", way).groups()
            assert codes(network(f"{re.sub(r'pad=.*', pad, text)} -> {shape}", f"3x{size}")) == []


def test_the_ways_to_keep_the_rows_of_a_pooling() -> None:
    (item,) = check_text(network("maxpool 2x2", "8x11x11")).diagnostics
    assert [re.findall("`(.*)`", text) for text in item.help] == [[], ["ceil_mode=true"], ["pad=1"]]
    for way in ("ceil_mode=true", "pad=1"):
        assert codes(network(f"maxpool 2x2 {way} -> 8x6x6", "8x11x11")) == []


def test_a_place_is_told_once_however_often_it_is_built() -> None:
    text = network(
        "repeat 3 { unit }", "3x64x64", before="block unit { maxpool 2x2 stride=3 | conv 8 3x3 pad=1 | bn }\n"
    )
    assert codes(text) == ["W0510", "W0503"]


def test_a_variant_that_an_expectation_names_is_looked_at() -> None:
    body = "conv 8 3x3 pad=1\nif norm { bn }\nexpect params = 240 with norm=true"
    (item,) = check_text(network(body, parameters="(norm = false)")).diagnostics
    assert item.kind.code == "W0503"
    assert item.secondary[-1].span.text == "expect params = 240 with norm=true"
    allowed = body.replace("pad=1", "pad=1  # allow W0503: for published weights")
    assert codes(network(allowed, parameters="(norm = false)")) == []


def test_other_networks_of_the_file_are_looked_at() -> None:
    assert codes(network("relu") + network("conv 8 3x3 stride=2").replace("Test", "Other")) == ["W0502"]


def test_removing_the_softmax_is_certain_where_it_is_safe() -> None:
    for body, left in {
        "flatten\ndense 10\nsoftmax": "flatten\ndense 10",
        "flatten | dense 10 | softmax -> 10": "flatten | dense 10 -> 10",
        "flatten | dense 10 -> 10 | softmax -> 10": "flatten | dense 10 -> 10",
        "flatten\ndense 10\np: softmax -> 10\nexpect output = 10": "flatten\ndense 10\nexpect output = 10",
        "flatten\ndense 10\n| softmax": "flatten\ndense 10",
    }.items():
        text = network(body, "1x8x8") + TRAIN
        (item,) = check_text(text).diagnostics
        (fix,) = item.fixes
        (edit,) = fix.edits
        assert fix.certain
        assert text[: edit.span.start] + edit.replacement + text[edit.span.end :] == network(left, "1x8x8") + TRAIN


def test_there_is_no_fix_where_more_would_go() -> None:
    for body in ("flatten\ndense 10\nsoftmax  # as the lecture has it", "flatten\ndense 10\nseq { softmax }"):
        (item,) = check_text(network(body, "1x8x8") + TRAIN).diagnostics
        assert item.fixes == ()


def test_the_bias_is_switched_off_by_the_fix() -> None:
    for layer in ("conv 8 3x3", "conv 8 3x3 bias=true pad=1", "depthwise 3x3", "conv_transpose 4 2x2"):
        text = network(f"{layer} | bn")
        (item,) = check_text(text).diagnostics
        (edit,) = item.fixes[0].edits
        assert not item.fixes[0].certain
        assert codes(text[: edit.span.start] + edit.replacement + text[edit.span.end :]) == []


@pytest.mark.parametrize("name", ["a", "b", "c"])
def test_a_name_is_taken_off_a_use(name: str, tmp_path: Path) -> None:
    blocks = "".join(f"block {each} {{ relu }}\n" for each in "abc")
    (tmp_path / "blocks.cnn").write_text(blocks, encoding="utf-8")
    others = " | ".join(each for each in "abc" if each != name)
    text = f'use a, b, c from "blocks.cnn"\n{network(others)}'
    (item,) = check_in(tmp_path, text)
    (edit,) = item.fixes[0].edits
    assert item.fixes[0].certain
    fixed = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    assert check_in(tmp_path, fixed) == ()
    assert fixed.split(" from")[0] == f"use {', '.join(each for each in 'abc' if each != name)}"


def check_in(folder: Path, text: str):
    return check_source(Source("spec.cnn", text, str(folder / "spec.cnn"))).diagnostics


UNIT = "block unit(channels) {{ conv channels 3x3 stride=2 }}{}\n"


def test_what_stands_in_another_file_is_told_at_the_call(tmp_path: Path) -> None:
    (tmp_path / "blocks.cnn").write_text(UNIT.format(""), encoding="utf-8")
    text = 'use unit from "blocks.cnn"\n' + network("unit 8\nunit 8", "3x34x34")
    first, second = check_in(tmp_path, text)
    assert first.primary.span.text == "unit 8"
    assert first.secondary[0].span.text == "conv channels 3x3 stride=2"
    assert second.primary.span.position[0] == 5


@pytest.mark.parametrize("comment", ["", "  # allow W0502: few rows"])
def test_what_stands_in_another_file_can_be_allowed_there_and_at_the_call(comment: str, tmp_path: Path) -> None:
    (tmp_path / "blocks.cnn").write_text(UNIT.format(comment), encoding="utf-8")
    call = "unit 8" if comment else "unit 8  # allow W0502: few rows"
    assert check_in(tmp_path, 'use unit from "blocks.cnn"\n' + network(call)) == ()
    assert check_source(Source("blocks.cnn", UNIT.format(comment))).diagnostics == ()
