"""What is said of a name that nothing has: the slip of another, a number with a letter in it, what is left of a renaming,
or a name that is defined where it cannot be seen.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest, related
from ..source import Source, Span
from ..syntax.digits import digits_meant

__all__ = ["defined_elsewhere", "left_over", "unknown_name"]

_GIVEN = ("in_channels", "true", "false")
_CODE = re.compile(r"[^\n#]*")
_WORD = re.compile(r"[A-Za-z_]\w*")
_HEADER = re.compile(r"^[ \t]*(network|block)[ \t]+(\w+)[ \t]*(?:\(([^\n{]*)\))?", re.MULTILINE)
_BOUND = r"^[^\n#]*?\b(?:let|for)[ \t]+(?:\([^)\n]*\b{0}\b[^)\n]*\)|{0})[ \t]*(?:=|in\b)|^[^\n#]*?\bas[ \t]+{0}\b"


def unknown_name(name: str, span: Span, variables: Mapping[str, Any], *help_: str) -> Diagnostic:
    """The complaint that nothing is called so, with what was meant if that can be told."""
    message = f"nothing here is called `{name}`"
    number = digits_meant(name)
    if number:
        fix = Fix(f"write `{number}`", (Edit(span, number),), True)
        help_ = (f"a letter stands where a digit belongs: write `{number}`",)
        return Diagnostic(names.UNKNOWN_NAME, message, Label(span), help=help_, fixes=(fix,))
    slip = nearest(name, (*variables, "true", "false"))
    unused = None if slip else left_over(span.source, variables)
    meant = slip or unused or related(name, variables)
    if meant is None:
        help_ = (*defined_elsewhere(name, span), *help_)
    label = f"did you mean `{meant}`{', which nothing uses' if unused else ''}?" if meant else ""
    fixes = (Fix(f"write `{meant}`", (Edit(span, meant),), meant == name.lower()),) if meant else ()
    return Diagnostic(names.UNKNOWN_NAME, message, Label(span, label), help=help_, fixes=fixes)


def left_over(source: Source, known: Iterable[str]) -> str | None:
    """The one of these names that stands in the text once, where it is made: a renaming that forgot its uses leaves it."""
    words = _words(source)
    found = [name for name in dict.fromkeys(known) if words[name] == 1 and not (name.startswith("_") or name in _GIVEN)]
    return found[0] if len(found) == 1 else None


@lru_cache(maxsize=4)
def _words(source: Source) -> Counter[str]:
    """How often each word stands in the text, without its comments."""
    return Counter(word for line in source.text.split("\n") for word in _WORD.findall(_code(line)))


def _code(line: str) -> str:
    found = _CODE.match(line)
    return found[0] if found else ""


def defined_elsewhere(name: str, span: Span) -> tuple[str, ...]:
    """Where the name is defined, if that is below the place, or in another network or block."""
    if not _WORD.fullmatch(name) or _words(span.source)[name] < 2:  # it stands here alone
        return ()
    headers = list(_HEADER.finditer(span.source.text))
    here = max((place for place, header in enumerate(headers) if header.start() <= span.start), default=-1)
    if here < 0:
        return ()
    for place, keyword, offset in _definitions(name, span.source.text, headers):
        line = span.source.position(offset)[0]
        header = headers[place]
        if place == here and offset > span.start and keyword == "let":
            return (f"`{name}` is made on line {line}: a name can be used below that line",)
        if place != here:
            return (_out_of_sight(name, keyword, header, headers[here], line),)
    return ()


def _definitions(name: str, text: str, headers: list[re.Match[str]]) -> Iterator[tuple[int, str, int]]:
    """Where a name is made: in the definition of which number, as a parameter or by a ``let``, and at which offset."""
    for place, header in enumerate(headers):
        for parameter in re.finditer(rf"(?:^|,)\s*{name}\b", header[3] or ""):
            yield place, "parameter", header.start(3) + parameter.end()
    for found in re.finditer(_BOUND.format(name), text, re.MULTILINE):
        owner = max((place for place, header in enumerate(headers) if header.start() <= found.start()), default=-1)
        if owner >= 0:
            yield owner, "let" if re.search(r"\blet\b", found[0]) else "loop", found.end()


def _out_of_sight(name: str, keyword: str, there: re.Match[str], here: re.Match[str], line: int) -> str:
    what = f"a parameter of the {there[1]} `{there[2]}`" if keyword == "parameter" else f"made on line {line}"
    if here[1] == "network":
        return f"`{name}` is {what}, and is seen only there"
    parameters = ", ".join(filter(None, (here[3], name)))
    given = f"write `block {here[2]}({parameters})` and give it where it is called"
    return f"`{name}` is {what}; a block sees only what it is given: {given}"
