"""Characters that editors, web pages and other keyboards put in place of ours: what each stands for, and the edit.

Most are told by their name in Unicode, so that a dash or an arrow nobody listed is understood as well.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache

from ..record import Record
from ..source import Span

__all__ = ["LookAlike", "look_alike"]

_SIGNS = {
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
    "\u00f7": "/",
    "\u2215": "/",
    "\u2044": "/",
    "\u00b7": "*",
    "\u22c5": "*",
    "\u2217": "*",
    "\u00a6": "|",
    "\u2223": "|",
    "\u2502": "|",
    "\u01c0": "|",
    "\u2236": ":",
}
_TIMES = "\u00d7\u2715\u2716\u2a2f\u2a09\u2573\u0445\u03c7"
# Letters of other alphabets that are drawn as a Latin one is.
_LETTERS = dict(
    zip(
        "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u03bf\u03b1\u03c1\u03bd\u03b9\u03ba"
        "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d"
        "\u039f\u03a1\u03a4\u03a7\u0131",
        "aceopxyijshdqwoapvik" + "ABEKMHOPCTXABEZHIKMNOPTXi",
        strict=True,
    )
)
_ENTITY = re.compile(r"&(?:#[0-9]{1,6}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});?")
_WORD = re.compile(r"\w+")


class LookAlike(Record):
    """Where a sign stands that is not ours, what is said of it, and what it is here; empty if it is nothing at all."""

    span: Span
    message: str
    help: str
    written: str


def look_alike(span: Span) -> LookAlike | None:
    """What a bad character, with those beside it that belong to it, was meant to be; None if nobody knows."""
    if span.text == "&":
        return _entity(span)
    if span.text.isascii():
        return None
    return _sign(span) or _letter(span)


def _entity(span: Span) -> LookAlike | None:
    """``&gt;``, as web pages write ``>``; with a minus before it, it is the arrow of a contract."""
    text = span.source.text
    found = _ENTITY.match(text, span.start)
    meant = html.unescape(found[0]) if found else ""
    if found is None or meant == found[0] or not found[0].endswith(";"):
        return None
    start = span.start - (meant[:1] == ">" and text[span.start - 1 : span.start] == "-")
    whole = Span(span.source, start, found.end())
    written = whole.text[: span.start - start] + (" " if meant == "\u00a0" else meant)
    return LookAlike(whole, f"`{whole.text}` is how web pages write `{written}`", f"write `{written}`", written)


def _sign(span: Span) -> LookAlike | None:
    character, text = span.text, span.source.text
    name = unicodedata.name(character, "")
    if unicodedata.category(character) == "Zs":
        return LookAlike(span, f"this is a {name.lower()}, not a plain blank", "it looks like any other blank", " ")
    if unicodedata.category(character) in ("Cf", "Cc"):
        code = f"{name.lower() or 'control character'}, U+{ord(character):04X}"
        return LookAlike(span, f"an invisible character stands here ({code})", "remove it", "")
    if character in _TIMES and _beside_digits(span):
        return _as(_with_blanks(span), "x", "a small x stands between extents, as in 3x3", character)
    if "ARROW" in name and "RIGHT" in name:
        return _as(span, "->", "a contract is written `->`", character)
    if unicodedata.category(character) == "Pd" or character in "\u2212\u02d7":
        arrow = text[span.end : span.end + 1] == ">"
        whole = span.replace(end=span.end + arrow)
        help_ = "a contract is written `->`" if arrow else "a minus is written `-`"
        return _as(whole, "->" if arrow else "-", help_, whole.text)
    if name.startswith("SUPERSCRIPT ") and unicodedata.digit(character, -1) >= 0:
        written = f"**{unicodedata.digit(character)}"
        return _as(span, written, f"a power is written `{written}`", character)
    written = _SIGNS.get(character, "")
    return _as(span, written, f"write `{written}`", character) if written else None


def _as(span: Span, written: str, help_: str, shown: str) -> LookAlike:
    return LookAlike(span, f"the character `{shown}` has no meaning here", help_, written)


def _beside_digits(span: Span) -> bool:
    """Whether extents stand on both sides, or blanks and then extents."""
    text = span.source.text
    before, behind = text[: span.start].rstrip(" \t")[-1:], text[span.end :].lstrip(" \t")[:1]
    return (before.isdigit() and behind.isdigit()) or "?" in (before, behind)


def _with_blanks(span: Span) -> Span:
    """The span and the blanks around it."""
    text = span.source.text
    before, behind = text[: span.start].rstrip(" \t"), text[span.end :].lstrip(" \t")
    return Span(span.source, len(before), len(text) - len(behind))


def _letter(span: Span) -> LookAlike | None:
    """A letter of another alphabet, or a full-width one, with the word around it."""
    text = span.source.text
    if not (_plain(span.text)):
        return None
    start = span.start
    while start and (text[start - 1].isalnum() or text[start - 1] == "_"):
        start -= 1
    found = _WORD.match(text, start)
    whole = span if found is None else Span(span.source, start, max(found.end(), span.end))
    letters = [_plain(character) for character in whole.text]
    if not all(letters):
        return None
    written = "".join(letters)
    alphabet = unicodedata.name(span.text, "another").split(" ")[0].lower()
    message = f"`{whole.text}` has a letter that is not a Latin one: `{span.text}` is {alphabet}"
    if unicodedata.normalize("NFKC", span.text).isascii():
        message = f"`{whole.text}` is written in full-width characters"
    return LookAlike(whole, message, f"write `{written}`, all in Latin letters", written)


@cache
def _plain(character: str) -> str:
    """The ASCII character that one looks like; empty if it looks like none."""
    if character.isascii():
        return character
    if character in _LETTERS:
        return _LETTERS[character]
    plain = unicodedata.normalize("NFKC", character)
    wide = unicodedata.east_asian_width(character) == "F" or "MATHEMATICAL" in unicodedata.name(character, "")
    return plain if wide and len(plain) == 1 and plain.isascii() else ""
