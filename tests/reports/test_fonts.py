"""Letters: PDF files carry their fonts, and scripts that Helvetica lacks are drawn with another font."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from cnndsl import check_text
from cnndsl.reports import engine
from cnndsl.reports.diagram import Look, diagram, draw_picture, render_picture
from cnndsl.reports.fonts import _data

CHINESE = "## 手写数字识别\nnetwork N {\n input 4x8x8\n conv 4 3x3\n}"


def graph_of(text: str):
    return check_text(text).require_graph()


@pytest.mark.skipif(not _data(0), reason="no sans-serif font on this machine (Debian: apt install fonts-liberation)")
@pytest.mark.skipif(shutil.which("pdffonts") is None, reason="no pdffonts (Debian: apt install poppler-utils)")
@pytest.mark.parametrize("style", ["boxes", "volumes"])
def test_every_font_of_a_pdf_is_in_it(tmp_path, style):
    graph = graph_of("network N {\n input 4x8x8\n conv 4 3x3\n}")
    file = tmp_path / "net.pdf"
    file.write_bytes(render_picture(draw_picture(graph), Look(style=style), "pdf"))
    done = subprocess.run(["pdffonts", file], capture_output=True, check=True, text=True)
    fonts = [line.split() for line in done.stdout.splitlines()[2:]]
    assert [(font[0], font[3]) for font in fonts] == [("EmbeddedSans", "yes"), ("EmbeddedSans-Bold", "yes")]
    assert done.stderr == ""


@pytest.mark.skipif(shutil.which("dot") is None, reason="no Graphviz on the path (Debian: apt install graphviz)")
def test_graphviz_draws_what_helvetica_lacks():
    """graphviz-pure, which is asked first for Latin letters, draws empty boxes."""
    source = diagram(graph_of(CHINESE)).source
    by_dot, failure = engine._drawn(shutil.which("dot"), source.encode(), "png")
    assert not failure
    assert engine.render(source, "png") == by_dot
