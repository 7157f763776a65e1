"""A text with one mistake, what the checker says of it, and figures over many such texts.

Nothing here uses the lexer of the program: the texts and the judgement stay the same however that changes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple

from cnndsl.api import check_source
from cnndsl.diagnostics import Diagnostic
from cnndsl.diagnostics.fixing import apply_edits, apply_fixes
from cnndsl.source import Source

SPECS = Path(__file__).resolve().parents[2] / "specs"

_TOKEN = re.compile(
    r"(?P<comment>#[^\n]*)"
    r"|(?P<line>\n)"
    r'|(?P<string>"[^"\n]*")'
    r"|(?P<word>[A-Za-z_]\w*(?:\.\w+)*)"
    r"|(?P<number>\d[\d_.]*[eE][+-]?\d+\b|[\d?][\w.?]*|\.\d\w*)"
    r"|(?P<sign>->|==|!=|<=|>=|\*\*|//|[^\s\w])"
)


class Token(NamedTuple):
    """A word, number, text, sign or line end, and where it stands."""

    kind: str
    text: str
    start: int

    @property
    def end(self) -> int:
        return self.start + len(self.text)


class Case(NamedTuple):
    """A text with a mistake, the text that its author meant, and the lines where the mistake may be shown."""

    kind: str
    name: str
    text: str
    meant: str
    lines: tuple[int, ...]
    says: tuple[str, ...] = ()


class Outcome(NamedTuple):
    """What the checker made of a case; ``clean`` says of each edit that it offers whether it leaves nothing wrong."""

    case: Case
    errors: tuple[Diagnostic, ...]
    line: int | None
    clean: tuple[bool, ...]
    restored: tuple[bool, ...]
    fixed: str | None
    seconds: float

    @property
    def is_fixed_right(self) -> bool:
        return self.fixed is not None and meaning(self.fixed) == meaning(self.case.meant)

    @property
    def is_syntax(self) -> bool:
        return any(item.kind.code.startswith("E01") for item in self.errors)

    @property
    def is_said(self) -> bool:
        """Whether an error has one of the words that it should; only what a user reads of it counts."""
        return any(word.lower() in words(item).lower() for item in self.errors for word in self.case.says)


def tokens(text: str) -> list[Token]:
    """The tokens of a text, without comments and blanks."""
    found = (Token(match.lastgroup or "", match[0], match.start()) for match in _TOKEN.finditer(text))
    return [token for token in found if token.kind != "comment"]


def meaning(text: str) -> list[str]:
    """The tokens as far as they matter: a `|` and the end of a line both end a statement, blank lines say nothing."""
    kept: list[str] = []
    for token in tokens(text):
        previous = kept[-1] if kept else "{"
        if token.kind == "line":
            if previous not in ("\n", "{", "(", "[", ",", "|"):
                kept.append("\n")
            continue
        if previous == "\n" and token.text in ("}", ")", "]", "|", "else", "shortcut"):
            kept.pop()
        glued = token.text in "([" and token.start > 0 and not text[token.start - 1].isspace()
        kept.append("glued" + token.text if glued else token.text)
    return ["\n" if word == "|" else word for word in (kept[:-1] if kept and kept[-1] == "\n" else kept)]


def words(item: Diagnostic) -> str:
    """All that a user reads of a diagnostic but the lines of the text."""
    labels = (item.primary, *item.secondary) if item.primary else item.secondary
    return "\n".join([item.message, *(label.text for label in labels), *item.notes, *item.help])


def errors_of(source: Source) -> tuple[Diagnostic, ...]:
    """The errors of a text."""
    return tuple(item for item in check_source(source).diagnostics if item.is_error)


def is_clean(text: str, name: str) -> bool:
    """Whether a text has no error."""
    return not errors_of(Source(name, text, str(SPECS / name)))


def examine(case: Case) -> Outcome:
    """Check a case, and try each edit that is offered alone, in the order in which the errors offer them."""
    source = Source(case.name, case.text, str(SPECS / case.name))
    start = process_time()
    errors = errors_of(source)
    seconds = process_time() - start
    offers = list(
        dict.fromkeys(
            apply_edits(case.text, fix.edits)
            for item in errors
            for fix in item.fixes
            if all(edit.span.source is source for edit in fix.edits)
        )
    )
    fixed = apply_fixes(source, lambda other: check_source(other).diagnostics) if errors else None
    meant = meaning(case.meant)
    return Outcome(
        case,
        errors,
        next((item.primary.span.position[0] for item in errors if item.primary), None),
        tuple(is_clean(text, case.name) for text in offers),
        tuple(meaning(text) == meant for text in offers),
        fixed.source.text if fixed and fixed.repairs else None,
        seconds,
    )


def breaking(make: Callable[[], Case | None], count: int) -> Iterable[Outcome]:
    """What becomes of the first so many cases that are mistakes: those with an error."""
    made = 0
    seen: set[str] = set()
    while made < count:
        case = make()
        if case is None or case.text in seen or meaning(case.text) == meaning(case.meant):
            continue
        seen.add(case.text)
        outcome = examine(case)
        if outcome.errors:
            made += 1
            yield outcome


def share(part: int, whole: int) -> float:
    """A part of a whole in percent; of nothing, 0."""
    return round(100 * part / whole, 1) if whole else 0.0


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """The columns of the report."""
    count = len(outcomes)
    applied = [item for item in outcomes if item.fixed is not None]
    edits = [clean for item in outcomes for clean in item.clean]
    times = [item.seconds for item in outcomes]
    return {
        "count": count,
        "near_line_%": share(sum(_is_near(item) for item in outcomes), count),
        "errors_each": round(sum(len(item.errors) for item in outcomes) / count, 3),
        "one_error_%": share(sum(len(item.errors) == 1 for item in outcomes), count),
        "restored_first_%": share(sum(item.restored[:1] == (True,) for item in outcomes), count),
        "restored_any_%": share(sum(any(item.restored) for item in outcomes), count),
        "has_edit_%": share(sum(bool(item.clean) for item in outcomes), count),
        "edits": len(edits),
        "edits_clean_%": share(sum(edits), len(edits)),
        "fix_applied": len(applied),
        "fix_right_%": share(sum(item.is_fixed_right for item in applied), len(applied)),
        "cpu_median_ms": round(1e3 * median(times), 1),
        "cpu_worst_ms": round(1e3 * max(times), 1),
    }


def counts(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """The columns for mistakes whose lines and words are known: how many are found, told once, at their line, in good words."""
    edits = [clean for item in outcomes for clean in item.clean]
    return {
        "count": len(outcomes),
        "found": sum(bool(item.errors) for item in outcomes),
        "once": sum(len(item.errors) == 1 for item in outcomes),
        "placed": sum(item.line in item.case.lines for item in outcomes),
        "said": sum(item.is_said for item in outcomes),
        "has_edit": sum(bool(item.clean) for item in outcomes),
        "edits": len(edits),
        "edits_clean": sum(edits),
        "edits_clean_%": share(sum(edits), len(edits)),
        "restored_any": sum(any(item.restored) for item in outcomes),
    }


def _is_near(item: Outcome) -> bool:
    return item.line is not None and any(abs(item.line - line) <= 1 for line in item.case.lines)


def described(outcome: Outcome) -> str:
    """A case and what became of it, for those who want to see why."""
    case = outcome.case
    line = case.lines[0]
    written = case.text.split("\n")[line - 1 : line]
    marks = ["first" if outcome.restored[:1] == (True,) else "later" if any(outcome.restored) else "not"]
    if outcome.fixed is not None:
        marks.append("fix right" if outcome.is_fixed_right else "FIX WRONG")
    told = [
        f"    {item.kind.code} line {item.primary.span.position[0] if item.primary else '-'}: {item.message}"
        f" [{'; '.join(fix.message for fix in item.fixes)}]"
        for item in outcome.errors
    ]
    head = (
        f"{case.kind} {case.name}:{line} restored {', '.join(marks)}; edits {sum(outcome.clean)}/{len(outcome.clean)}"
    )
    return "\n".join([head, *(f"    | {text.strip()}" for text in written), *told])
