"""The picture of two networks: each box is marked by what changed of it."""

from __future__ import annotations

from pathlib import Path

import pytest

import cnndsl
from cnndsl.cli.main import main
from cnndsl.reports.diagram.both import draw_difference
from cnndsl.reports.diagram.look import Look
from cnndsl.reports.diagram.model import Picture
from cnndsl.reports.diagram.rendering import render_placed
from cnndsl.reports.difference import compare

from .svg import elements, parse, text_boxes

BASE = "input 3x16x16\nc: conv 8 3x3 pad=1 | relu\nd: conv 8 3x3 pad=1 | relu\nflatten\ndense 10\n"


AFFECTED = ("(~) flatten", "(~) dense 10")


def both(before: str, after: str) -> Picture:
    graphs = (cnndsl.check_text(f"network Net {{\n{text}}}\n").require_graph() for text in (before, after))
    return draw_difference(compare(*graphs), ("old.cnn", "new.cnn"))[0]


def marked(picture: Picture) -> list[str]:
    parts = (part for box in picture.boxes for part in (box, *box.strips))
    return [part.heading for part in parts if part.mark not in ("", "same")]


@pytest.mark.parametrize(
    ("old", "new", "headings"),
    [
        ("d: conv 8 3x3", "e: conv 8 3x3", []),
        ("d: conv 8 3x3 pad=1 | relu", "d: conv 8 3x3 pad=1 | gelu", ["- relu", "+ gelu"]),
        ("dense 10", "dense 11", ["~ dense 10", "~ dense 11"]),
        ("flatten\n", "maxpool 2x2\nflatten\n", [*AFFECTED, "+ maxpool 2x2", *AFFECTED]),
    ],
)
def test_what_changed_is_marked_on_both_sides(old: str, new: str, headings: list[str]) -> None:
    assert marked(both(BASE, BASE.replace(old, new))) == headings


def test_layers_that_were_added_do_not_fold_with_others() -> None:
    graphs = [cnndsl.load(f"zoo:{name}").graph for name in ("resnet50", "resnet101")]
    picture, layout = draw_difference(compare(*graphs), ("a", "b"))
    changed = [(box.heading, box.count) for box in picture.boxes if box.mark not in ("", "same")]
    assert changed == [("+ bottleneck", 17)]
    assert picture.subtitle.startswith("25,557,032 -> 44,549,160 parameters")
    svg = parse(render_placed(picture, layout, Look(), "svg"))
    words = [word for group in elements(svg, "node").values() for word, _ in text_boxes(group)]
    assert words.count("+ bottleneck") == 1
    before, after = (layout.clusters[id_].place for id_ in ("before", "after"))
    assert before.right < after.x


def test_the_command_writes_a_picture_besides_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for format in ("svg", "tikz"):
        file = tmp_path / f"both.{format}"
        assert main(["diff", "zoo:lenet5", "zoo:lenet5_relu", "-o", str(file)]) == 1
        told = capsys.readouterr()
        assert "61,706 -> 61,026" in told.out
        assert f"wrote {file}" in told.err
        assert "dense 10" in file.read_text()


def test_a_suffix_that_is_no_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "zoo:lenet5", "zoo:lenet5_relu", "-o", str(tmp_path / "both.html")]) == 2
    assert "is not one of .svg, .pdf, .png, .tikz, .dot" in capsys.readouterr().err
