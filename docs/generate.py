"""Writes docs/reference from the code: run ``python docs/generate.py`` after a change that a page shows."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from cnndsl.backends import BACKENDS, find_backend
from cnndsl.cli.main import COMMANDS, make_parser
from cnndsl.ops import Operator
from cnndsl.reports import reference

FOLDER = Path(__file__).parent / "reference"


def pages() -> dict[str, str]:
    """Every page of the reference by the name of its file."""
    return {
        "command-line.md": reference.render_command_line(COMMANDS, {name: make_parser(name) for name in COMMANDS}),
        "diagnostics.md": reference.render_diagnostics(),
        "functions.md": reference.render_functions(),
        "grammar.md": reference.render_grammar(),
        "operators.md": reference.render_operators(BACKENDS, refusals()),
        "settings.md": reference.render_settings(),
    }


def refusals() -> reference.Refusals:
    """What the backends refuse, by operator."""
    found: dict[type[Operator], list[tuple[str, str]]] = defaultdict(list)
    for name in BACKENDS:
        for limitation in find_backend(name).limitations:
            found[limitation.operator].append((limitation.backend, limitation.reason))
    return found


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for file, text in pages().items():
        (FOLDER / file).write_text(text, encoding="utf-8", newline="\n")
