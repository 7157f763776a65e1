"""The wrong specs beside this file: what each says of itself in its first line, and how it is checked."""

from __future__ import annotations

import re
from pathlib import Path

from cnndsl.api import Checked, check_source
from cnndsl.diagnostics import Diagnostic
from cnndsl.source import Source

FOLDER = Path(__file__).parent
SPECS = sorted(FOLDER.glob("*.cnn"))

_EXPECTED = re.compile(r"([EW]\d{4}) on line (\d+)(?: of (\S+?))?(?:,|$)")


def expected(path: Path) -> list[tuple[str, str, int]]:
    """The mistakes that a spec says it has: code, file and line of each, from ``# E0301 on line 5``."""
    first = path.read_text(encoding="utf-8").split("\n")[0]
    return [(code, file or path.name, int(line)) for code, line, file in _EXPECTED.findall(first)]


def found(diagnostics: tuple[Diagnostic, ...]) -> list[tuple[str, str, int]]:
    """Code, file and line of each diagnostic."""
    places = [(item.kind.code, item.primary.span) for item in diagnostics if item.primary is not None]
    return [(code, Path(span.source.name).as_posix(), span.position[0]) for code, span in places]


def check(path: Path, text: str | None = None) -> Checked:
    """The spec, or another text in its place, checked under its bare name: the folder must be the current one."""
    return check_source(Source(path.name, path.read_text(encoding="utf-8") if text is None else text, path.name))
