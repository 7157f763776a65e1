"""The one place that runs a program to draw: DOT source in, the bytes of a picture out.

graphviz-pure, a port of Graphviz that comes as a wheel, is asked first: its pictures are the same bytes on every machine. A
``dot`` on the path stands in where there is no such wheel, and for PDF, which graphviz-pure does not write.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Diagnostic, DiagnosticError
from ..diagnostics.kinds import files

__all__ = ["FORMATS", "render"]

FORMATS = ("svg", "png", "dot", "pdf")

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
    for program in _programs(format):
        picture, failure = _run(program, source, format)
        if picture:
            return picture
        failures.append(failure)
    raise DiagnosticError(_no_renderer(format, tuple(failures)))


def _programs(format: str) -> Iterator[str]:
    """The programs to try, best first. The scripts of an environment are often not on the path, so they are looked up."""
    import shutil
    import sysconfig

    if format != "pdf":
        scripts = sysconfig.get_path("scripts")
        pure = shutil.which("graphviz-pure", path=scripts) or shutil.which("graphviz-pure")
        yield from (pure,) if pure else ()
    dot = shutil.which("dot")
    yield from (dot,) if dot else ()


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
    if format == "pdf":
        how = "install Graphviz, which draws pdf, or write a .svg file"
    else:
        how = "run `pip install graphviz-pure`, or install Graphviz; a .dot file needs neither"
    return Diagnostic(
        files.NO_RENDERER, f"no program on this machine draws the diagram as {format}", notes=failures, help=(how,)
    )
