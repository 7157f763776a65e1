"""Every edge of a graph is in its picture, whatever the format; and pictures that other programs show keep their places."""

from __future__ import annotations

import re
import shutil
import subprocess

import pytest

from cnndsl import check_text
from cnndsl.reports.diagram import Look, diagram, draw_picture, render_picture

from .svg import SVG, elements, outline, parse, texts

TWICE = """
network Gate {
    input 16x32x32
    left, right: split 2
    from left
    mul right
    pre: conv 8 3x3 pad=1
    add pre pre
    concat pre pre
}
"""

ENDS = [
    "input split", "split mul", "split mul", "mul conv", "conv add", "conv add", "conv add", "add concat", "conv concat",
    "conv concat", "concat output",
]  # fmt: skip


def graph_of(text: str):
    return check_text(text).require_graph()


def picture():
    return draw_picture(graph_of(TWICE))


def test_a_value_that_is_read_twice_is_two_edges():
    names = {box.id: box.heading.split()[0] for box in picture().boxes}
    drawn = [f"{names[edge.source]} {names[edge.target]}" for edge in picture().edges]
    assert drawn == ENDS


@pytest.mark.parametrize("direction", ["TB", "LR"])
def test_each_is_a_line_of_the_svg(direction):
    edges = elements(parse(render_picture(picture(), Look(direction=direction), "svg")), "edge")
    assert len(edges) == len(ENDS)
    arrows = [next(child for child in group if child.tag.endswith("polygon")).get("points") for group in edges.values()]
    assert len(set(arrows)) == len(arrows)


def test_each_is_in_dot_and_mermaid():
    dot = render_picture(picture(), Look(), "dot").decode()
    mermaid = render_picture(picture(), Look(), "mmd").decode()
    assert len(re.findall(r" -> ", dot)) == len(ENDS)
    assert len(re.findall(r"n\d+ (?:-->|-\.->)\|", mermaid)) == len(ENDS)


def test_parts_of_a_split_are_named_on_their_edges():
    svg = parse(render_picture(picture(), Look(), "svg"))
    shown = [text for group in elements(svg, "edge").values() for text in texts(group)]
    assert [text for text in shown if text.endswith("8x32x32")][:2] == ["left 8x32x32", "right 8x32x32"]
    mermaid = render_picture(picture(), Look(), "mmd").decode()
    assert '|"left 8x32x32"|' in mermaid
    assert '|"right 8x32x32"|' in mermaid


def test_volumes_show_an_operand_that_is_there_twice():
    graph = graph_of("network N {\n input 4x8x8\n pre: conv 4 3x3\n add pre pre\n}")
    svg = parse(render_picture(draw_picture(graph), Look(style="volumes"), "svg"))
    assert len([*svg.iter(f"{SVG}polyline")]) == 5


def test_a_notebook_shows_what_is_drawn_here(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    shown = diagram(graph_of(TWICE))._repr_mimebundle_()
    assert len(elements(parse(shown["image/svg+xml"]), "node")) == 7


@pytest.mark.skipif(shutil.which("dot") is None, reason="no Graphviz on the path (Debian: apt install graphviz)")
@pytest.mark.parametrize("style", ["boxes", "volumes"])
def test_dot_keeps_the_layout(style):
    graph = graph_of("network N {\n input 4x8x8\n conv 4 3x3 | relu | conv 8 3x3\n}")
    source = diagram(graph, style=style).source
    done = subprocess.run(["dot", "-Tsvg"], input=source.encode(), capture_output=True, check=True)
    if style == "volumes":
        return
    ours = elements(parse(render_picture(draw_picture(graph), Look(), "svg")), "node")
    theirs = elements(parse(done.stdout), "node")
    assert set(ours) == set(theirs)
    for id_ in ours:
        one, other = outline(ours[id_]), outline(theirs[id_])
        assert one == pytest.approx(other, abs=1.5)
