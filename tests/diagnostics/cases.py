"""The wrong specs of the pages beside this file, and what each of them gives.

A page is Markdown. Each case is a heading, the spec, the code and line of every mistake in it, and what follows from them:

    ### Attribute misspelt

    ```cnn
    network Wrong {
        input 3x8x8
        conv 8 3x3 strid=2
    }
    ```

    E0202 on line 3

    ```text
    error[E0202]: `conv` has no attribute `strid`
    ...
    ```

    ```diff
    @@ -3 +3 @@
    -    conv 8 3x3 strid=2
    +    conv 8 3x3 stride=2
    ```

The text is what a terminal shows. It stands in the first case that shows a sentence, so that each sentence is there once.
The ``diff`` is what ``--fix`` changes, if it changes anything. Files that the spec uses stand above it, as ``cnn file=NAME``.

``python -m tests.diagnostics.renew`` writes texts and diffs again. Codes and lines it leaves: they are what must be right.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import chdir, contextmanager
from difflib import unified_diff
from functools import cache
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory

from cnndsl.analysis.codes import all_kinds
from cnndsl.api import check_source
from cnndsl.diagnostics import Diagnostic
from cnndsl.diagnostics.fixing import Fixed, apply_fixes
from cnndsl.diagnostics.text import render
from cnndsl.record import Record
from cnndsl.source import Source

__all__ = [
    "CASES",
    "NAME",
    "PAGES",
    "Case",
    "check",
    "diagnostics_of",
    "difference",
    "fixed",
    "found",
    "parse",
    "renewed",
    "sentences",
    "shown",
    "without_repeats",
    "write",
]

FOLDER = Path(__file__).parent
NAME = "model.cnn"
"""What the spec of every case is called."""

PAGES = tuple(
    FOLDER / f"{name}.md"
    for name in (
        "statements",
        "elsewhere",
        "braces",
        "calls",
        "characters",
        "names",
        "arguments",
        "values",
        "structure",
        "shapes",
        "contracts",
        "expectations",
        "training",
        "limits",
        "lints",
    )
)

Mistake = tuple[str, str, int]
"""Code, file and line."""

_FILE = r"```cnn file=\S+\n(?:(?!```).*\n)*```\n\n"
_CASE = re.compile(
    r"(?:## [EW]\d{4}: .+\n\n)?"
    r"### (?P<title>.+)\n\n"
    r"(?P<remark>(?:[^`\n].*\n)*\n)??"
    rf"(?P<files>(?:{_FILE})*)"
    r"```cnn\n(?P<spec>(?:(?!```).*\n)*)```\n\n"
    r"(?P<mistakes>[EW]\d{4} on line .+)\n"
    r"(?:\n```text\n(?P<text>(?:(?!```).*\n)*)```\n)?"
    r"(?:\n```diff\n(?P<diff>(?:(?!```).*\n)*)```\n)?"
)
_MISTAKE = re.compile(r"([EW]\d{4}) on line (\d+)(?: of (\S+))?(?:, |$)")


class Case(Record):
    """A wrong spec and what is expected of it; ``text`` and ``diff`` are empty where the page shows none."""

    page: str
    title: str
    remark: str
    files: tuple[tuple[str, str], ...]
    spec: str
    mistakes: tuple[Mistake, ...]
    text: str
    diff: str

    def __str__(self) -> str:
        return f"{self.page}: {self.title}"


def parse(path: Path) -> tuple[str, tuple[Case, ...]]:
    """The opening of a page, and its cases. Every line belongs to one of them."""
    page = path.read_text(encoding="utf-8")
    place = page.index("\n## ") + 1
    opening, cases = page[:place].rstrip("\n"), []
    while place < len(page):
        match = _CASE.match(page, place)
        assert match, f"{path.name}, line {page.count(chr(10), 0, place) + 1}: this is not how a case is written"
        cases.append(_case(path.stem, match))
        place = match.end() + len("\n")
    return opening, tuple(cases)


def write(opening: str, cases: Iterable[Case]) -> str:
    """A page, its cases under the codes of their first mistakes."""
    parts = [f"{opening}\n"]
    for code, group in groupby(cases, key=lambda case: case.mistakes[0][0]):
        parts += [f"## {code}: {all_kinds()[code].summary}\n", *map(_written, group)]
    return "\n".join(parts)


def _case(page: str, match: re.Match[str]) -> Case:
    files = re.findall(r"```cnn file=(\S+)\n((?:(?!```).*\n)*)```", match["files"])
    mistakes = [(code, file or NAME, int(line)) for code, line, file in _MISTAKE.findall(match["mistakes"])]
    assert match["mistakes"] == _said(mistakes), match["mistakes"]
    return Case(
        page=page,
        title=match["title"],
        remark=(match["remark"] or "").strip(),
        files=tuple(files),
        spec=match["spec"],
        mistakes=tuple(mistakes),
        text=match["text"] or "",
        diff=match["diff"] or "",
    )


def _written(case: Case) -> str:
    parts = [f"### {case.title}\n", f"{case.remark}\n" if case.remark else ""]
    parts += [f"```cnn file={name}\n{text}```\n" for name, text in case.files]
    parts += [f"```cnn\n{case.spec}```\n", f"{_said(case.mistakes)}\n"]
    parts += [f"```text\n{case.text}```\n" if case.text else "", f"```diff\n{case.diff}```\n" if case.diff else ""]
    return "\n".join(filter(None, parts))


def _said(mistakes: Iterable[Mistake]) -> str:
    return ", ".join(f"{code} on line {line}{'' if file == NAME else f' of {file}'}" for code, file, line in mistakes)


# What a spec gives


@contextmanager
def _folder(case: Case) -> Iterator[None]:
    """The files of a case in a folder of its own, which is the current one."""
    with TemporaryDirectory() as place, chdir(place):
        for name, text in (*case.files, (NAME, case.spec)):
            Path(name).parent.mkdir(parents=True, exist_ok=True)
            Path(name).write_text(text, encoding="utf-8")
        yield


def check(case: Case, text: str) -> tuple[Diagnostic, ...]:
    """What is wrong with a text that stands in place of a spec."""
    with _folder(case):
        return check_source(Source(NAME, text, NAME)).diagnostics


@cache
def diagnostics_of(case: Case) -> tuple[Diagnostic, ...]:
    """What is wrong with a spec."""
    return check(case, case.spec)


@cache
def fixed(case: Case) -> Fixed:
    """The spec after ``--fix``."""
    with _folder(case):
        return apply_fixes(Source(NAME, case.spec, NAME), lambda source: check_source(source).diagnostics)


def found(case: Case) -> tuple[Mistake, ...]:
    """Code, file and line of each mistake."""
    places = [(item.kind.code, item.primary.span) for item in diagnostics_of(case) if item.primary is not None]
    return tuple((code, span.source.name.replace(os.sep, "/"), span.position[0]) for code, span in places)


def shown(case: Case) -> str:
    """What a terminal shows."""
    return "\n".join(map(render, diagnostics_of(case))).replace(os.sep, "/")


def difference(case: Case) -> str:
    """What ``--fix`` changes."""
    before, after = (text.split("\n") for text in (case.spec, fixed(case).source.text))
    lines = list(unified_diff(before, after, lineterm="", n=0))[2:]
    return "".join(f"{line}\n" for line in lines)


def sentences(case: Case) -> set[str]:
    """The sentences that a case shows: messages, notes, help and labels, without their names and numbers."""
    texts = [text for item in diagnostics_of(case) for text in (item.message, *item.notes, *item.help)]
    labels = [label.text for item in diagnostics_of(case) for label in (item.primary, *item.secondary) if label]
    return {_plain(text) for text in (*texts, *labels) if text}


def _plain(text: str) -> str:
    text = re.sub(r"`[^`]*`", "_", text)
    text = re.sub(r"\d[\w.,]*(?:x[\w?]+)*", "0", text)
    return re.sub(r"_(?:, _)*(?: (?:and|or) _)?", "_", text)


# Cases as they should be written


def without_repeats(cases: Iterable[Case]) -> Iterator[Case]:
    """The cases that show a sentence which none before them shows."""
    told: set[str] = set()
    for case in cases:
        if sentences(case) - told:
            told |= sentences(case)
            yield case


def renewed(cases: Sequence[Case], *, codes: bool = False) -> Iterator[Case]:
    """Cases with the texts and diffs that hold now, and codes and lines if asked."""
    showing = set(map(str, without_repeats(cases)))
    for case in cases:
        text = shown(case) if str(case) in showing else ""
        mistakes = found(case) if codes else case.mistakes
        yield case.replace(text=text, diff=difference(case), mistakes=mistakes)


CASES = tuple(case for path in PAGES for case in parse(path)[1])
