"""Drawing programs: what is tried, and what is said when nothing draws."""

from __future__ import annotations

import os

import pytest

from cnndsl.diagnostics import DiagnosticError
from cnndsl.reports.engine import FORMATS, render

SOURCE = 'digraph { a [pos="0,0"]; b [pos="0,60"]; a -> "b" }'


def test_png_and_svg_are_what_they_say():
    assert render(SOURCE, "png").startswith(b"\x89PNG\r\n\x1a\n")
    assert b"<svg" in render(SOURCE, "svg")


def test_dot_is_the_source_itself():
    assert render(SOURCE, "dot") == SOURCE.encode()


def test_an_unknown_format_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="svg, png, dot, pdf"):
        render(SOURCE, "gif")


def test_what_the_program_says_is_passed_on():
    with pytest.raises(DiagnosticError) as caught:
        render("digraph {", "svg")
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.kind.code == "E0005"
    assert any("syntax error" in note for note in diagnostic.notes)


RENDER = f"""
import sys
from cnndsl.diagnostics import DiagnosticError
from cnndsl.reports.engine import render
try:
    sys.stdout.write(render({SOURCE!r}, sys.argv[1]).decode())
except DiagnosticError as error:
    print(error)
"""


@pytest.mark.parametrize("format", [name for name in FORMATS if name != "dot"])
def test_without_a_program_the_error_says_what_helps(bare_python, tmp_path, format):
    done = bare_python(["-c", RENDER, format], tmp_path)
    assert done.stdout.startswith(f"error[E0005]: no program on this machine draws the diagram as {format}\n")
    assert "= help: " in done.stdout
    assert list(tmp_path.iterdir()) == []


def test_dot_needs_no_program(bare_python, tmp_path):
    assert bare_python(["-c", RENDER, "dot"], tmp_path).stdout == SOURCE


@pytest.mark.skipif(os.name == "nt", reason="the stand-in is a shell script")
@pytest.mark.parametrize("format", ["svg", "pdf"])
def test_a_dot_on_the_path_stands_in(bare_python, tmp_path, format):
    programs = tmp_path / "programs"
    programs.mkdir()
    dot = programs / "dot"
    dot.write_text('#!/bin/sh\necho "drawn with $*"\n')
    dot.chmod(0o755)
    done = bare_python(["-c", RENDER, format], tmp_path, str(programs))
    assert done.stdout == f"drawn with -Kneato -n2 -T{format}\n"
