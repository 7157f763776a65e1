"""Values that are named, added and returned elsewhere: `x = x + enc3`, `y += x`, `skip = x`, `conv(8, 3).relu()`."""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..explain.foreign import FLOW
from ..source import Source, Span

__all__ = ["join"]

_SUMS = (
    re.compile(r"(?:[\w.]+\s*=\s*)?(?P<first>\w+)\s*(?P<sign>[+*])\s*(?P<second>\w+)$"),
    re.compile(r"(?P<first>\w+)\s*(?P<sign>[+*])=\s*(?P<second>\w+)$"),
    re.compile(r"(?P<sign>[+*])\s*(?P<second>[A-Za-z_]\w*)$"),
)
_CONCAT = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*=\s*(?P<value>[A-Za-z_]\w*)$")
_UPDATE = re.compile(r"(?P<name>[A-Za-z_]\w*)\s*(?:(?P<sign>[-+*/])=\s*(?P<value>[\w.]+)|(?:\+\+|--))$")
_METHODS = re.compile(r"[A-Za-z_]\w*\([^()]*\)(?:\s*\.\s*[A-Za-z_]\w*\([^()]*\))+$")
_WORDS = {"+": "add", "*": "mul"}


def join(source: Source, start: int, line: str) -> Diagnostic | None:
    """What is said of the statement that begins at an offset and fills a line, if it is one of these."""
    span = Span(source, start, start + len(line))
    for pattern in _SUMS:
        match = pattern.match(line)
        if match:
            said = _sum(span, match)
            if said is not None:
                return said
    match = _CONCAT.match(line)
    if match and match["value"] in FLOW:
        return _named(span, match["name"])
    match = _UPDATE.match(line)
    if match and re.search(rf"\blet\b[^\n=]*\b{match['name']}\b", source.text):
        sign, value = match["sign"] or line[-1], match["value"] or "1"
        help_ = f"make a new variable: `let more = {match['name']} {sign} {value}`"
        return _said(span, f"`{match['name']}` keeps its value: a variable is made once, by `let`", help_)
    return _chained(span, line) if _METHODS.match(line) else None


def _sum(span: Span, match: re.Match[str]) -> Diagnostic | None:
    """Two values, of which one is what flows by and the other one has a label."""
    word = _WORDS[match["sign"]]
    names = [match["second"], *([match["first"]] if "first" in match.re.groupindex else [])]
    labelled = [name for name in names if _is_label(span.source, name)]
    others = [name for name in names if name not in FLOW and not name.isdigit()]
    chosen = labelled or others
    if not chosen and len(names) == 2 and set(names) <= FLOW:
        message = (
            f"values are {'added' if word == 'add' else 'multiplied'} by `{word}`, which takes the labels of the others"
        )
        return _said(span, message, f"give one a label, as in `skip: relu`, and write `{word} skip`")
    if not chosen or any(name[:1].isdigit() for name in names):
        return None
    if any(re.search(rf"\blet\b[^\n=]*\b{name}\b", span.source.text) for name in names):
        return None
    written = f"{word} {chosen[0]}"
    message = (
        f"values are {'added' if word == 'add' else 'multiplied'} by `{word}`, which takes the labels of the others"
    )
    facts = () if labelled else (f"`{chosen[0]}:` before a layer gives its output that name",)
    fix = Fix(f"write `{written}`", (Edit(span, written),), len(labelled) == 1)
    return Diagnostic(
        syntax.UNEXPECTED, message, Label(span), help=(f"write `{written}`", *facts), fixes=(fix,) if labelled else ()
    )


def _is_label(source: Source, name: str) -> bool:
    return re.search(rf"(?:^|[{{|])[ \t]*{re.escape(name)}[ \t]*:", source.text, re.MULTILINE) is not None


def _named(span: Span, name: str) -> Diagnostic:
    """``skip = x``: a label before the layer above."""
    source = span.source
    number = source.position(span.start)[0]
    above = source.line(number - 1) if number > 1 else ""
    layers = re.match(r"(?P<before>\s*(?:.*\|[ \t]*)?)(?P<word>[a-z]\w*)\b(?![ \t]*:)[^{}#:]*$", above)
    help_ = f"write `{name}: ...` before the layer that makes it"
    if not layers or layers["word"] in ("input", "let", "for", "if", "repeat", "from"):
        return _said(span, "what a layer makes is given a name by a label before it", help_)
    begin = span.start - source.position(span.start)[1] + 1
    at = begin - len(above) - 1 - (source.text[begin - 2 : begin] == "\r\n") + len(layers["before"])
    end = min(len(source.text), source.rest_of_line(span.end)[1] + 1)
    edits = (Edit(Span(source, at, at), f"{name}: "), Edit(Span(source, begin, end), ""))
    fix = Fix(f"write `{name}:` before `{layers['word']}`", edits, True)
    return _said(span, "what a layer makes is given a name by a label before it", help_, fix)


def _chained(span: Span, line: str) -> Diagnostic:
    """``conv(8, 3).relu().maxpool(2)``."""
    calls = re.findall(r"([A-Za-z_]\w*)\(([^()]*)\)", line)
    written = " | ".join(" ".join((name, *arguments.replace(",", " ").split())) for name, arguments in calls)
    fix = Fix(f"write `{written}`", (Edit(span, written),))
    return _said(
        span, "layers on one line are chained by `|`, and their arguments stand bare", f"write `{written}`", fix
    )


def _said(span: Span, message: str, help_: str, fix: Fix | None = None) -> Diagnostic:
    return Diagnostic(syntax.UNEXPECTED, message, Label(span), help=(help_,), fixes=(fix,) if fix else ())
