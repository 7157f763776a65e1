"""The one module that runs a program to draw: DOT source in, the bytes of a picture out.

graphviz-pure, a port of Graphviz that comes as a wheel, is asked first: its pictures are the same bytes on every machine. PDF,
which it does not write, is made of its SVG. A ``dot`` on the path is used where there is no such wheel, and for texts in PDF
that are not Latin. Everything in the source has its place already, so the program only draws: ``neato -n2``.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from ..diagnostics import Diagnostic, DiagnosticError
from ..diagnostics.kinds import files

__all__ = ["FORMATS", "render"]

FORMATS = ("svg", "png", "dot", "pdf")

_PURE = "graphviz-pure"
_FONTS = (
    b"fontname=Helvetica",
    b'fontname="Liberation Sans,Arimo,Arial,Helvetica"',
)  # as wide as what is measured here
_SECONDS = 60
_PIXELS_PER_INCH = 192  # twice the usual 96, so that a bitmap stays sharp on paper and on fine screens


def render(dot_source: str, format: str) -> bytes:
    """The picture as bytes in one of :data:`FORMATS`; ``dot`` is the source itself and needs no program.

    Raises:
        DiagnosticError: E0005 if no program on this machine draws this format.
    """
    if format not in FORMATS:
        raise ValueError(f"format must be one of {', '.join(FORMATS)}, not {format!r}")
    source = dot_source.encode()
    if format == "dot":
        return source
    failures = []
    programs = [*_programs()]
    if format == "png" and not dot_source.isascii():
        programs.reverse()  # graphviz-pure draws letters that Helvetica lacks as empty boxes, Graphviz finds another font
    for program in programs:
        picture, failure = _drawn(program, source, format)
        if picture:
            return picture
        failures.append(failure)
    raise DiagnosticError(_no_renderer(format, tuple(failures)))


def _programs() -> Iterator[str]:
    """The programs to try, best first. The scripts of an environment are often not on the path, so they are looked up."""
    import shutil
    import sysconfig

    scripts = sysconfig.get_path("scripts")
    pure = shutil.which(_PURE, path=scripts) or shutil.which(_PURE)
    yield from (pure,) if pure else ()
    dot = shutil.which("dot")
    yield from (dot,) if dot else ()


def _drawn(program: str, source: bytes, format: str) -> tuple[bytes, str]:
    """What the program draws, or nothing and why."""
    if _PURE not in os.path.basename(program):
        return _run(program, source.replace(*_FONTS), format)
    if format != "pdf":
        return _run(program, source, format)
    from .pdf import svg_to_pdf

    picture, failure = _run(program, source, "svg")
    try:
        return (svg_to_pdf(picture), "") if picture else (b"", failure)
    except ValueError:
        return b"", "the fonts of PDF have no letters but the Latin ones"


def _run(program: str, source: bytes, format: str) -> tuple[bytes, str]:
    """What the program wrote, or nothing and why."""
    import subprocess

    command = [program, "-Kneato", "-n2", f"-T{format}", *([f"-Gdpi={_PIXELS_PER_INCH}"] if format == "png" else [])]
    try:
        done = subprocess.run(command, input=source, capture_output=True, timeout=_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return b"", f"{program} took more than {_SECONDS} seconds"
    except OSError as error:
        return b"", f"{program} does not start: {error.strerror}"
    if done.returncode or not done.stdout:
        said = done.stderr.decode(errors="replace").strip().splitlines()
        return b"", f"{program} failed with status {done.returncode}" + (f": {said[0]}" if said else "")
    return done.stdout, ""


def _no_renderer(format: str, failures: tuple[str, ...]) -> Diagnostic:
    how = "run `pip install graphviz-pure`, or install Graphviz; a .dot file needs neither"
    if format == "pdf" and failures:
        how = "install Graphviz, which draws any letter, or write a .svg file"
    return Diagnostic(
        files.NO_RENDERER, f"no program on this machine draws the diagram as {format}", notes=failures, help=(how,)
    )
