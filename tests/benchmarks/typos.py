"""Random typos in the specs that ship: a token deleted, doubled or exchanged, a wrong or missing sign, letters of a word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import NamedTuple

from cases import SPECS, Case, Token, tokens

WRONG_SIGNS = (",", ":", "=", "|", "->", "=>", ";", "(", ")", "[", "]", "{", "}", ":=", ".")
SIGNS = frozenset((",", ":", "=", "|", "->", "(", ")", "[", "]", "{", "}"))


class _Change(NamedTuple):
    start: int
    end: int
    text: str


def typo(random: Random, path: Path | None = None) -> Case | None:
    """A random typo in this spec or a random one; none if the kind that was drawn cannot be made there."""
    path = path or random.choice(sorted(SPECS.glob("*.cnn")))
    meant = path.read_text()
    kind = random.choice(list(_KINDS))
    change = _KINDS[kind](random, tokens(meant))
    if change is None:
        return None
    text = meant[: change.start] + change.text + meant[change.end :]
    return Case(kind, path.name, text, meant, (meant.count("\n", 0, change.start) + 1,))


def _delete(random: Random, found: list[Token]) -> _Change:
    token = random.choice(found)
    return _Change(token.start, token.end, " " if token.kind == "line" else "")


def _double(random: Random, found: list[Token]) -> _Change:
    token = random.choice([token for token in found if token.kind != "line"])
    blank = "" if token.kind == "sign" else " "
    return _Change(token.end, token.end, blank + token.text)


def _exchange(random: Random, found: list[Token]) -> _Change | None:
    place = random.randrange(len(found) - 1)
    one, other = found[place : place + 2]
    if "line" in (one.kind, other.kind) or one.text == other.text:
        return None
    between = " " * (other.start - one.end)
    return _Change(one.start, other.end, other.text + between + one.text)


def _wrong_sign(random: Random, found: list[Token]) -> _Change:
    token = random.choice([token for token in found if token.text in SIGNS])
    return _Change(token.start, token.end, random.choice([sign for sign in WRONG_SIGNS if sign != token.text]))


def _missing_sign(random: Random, found: list[Token]) -> _Change:
    token = random.choice([token for token in found if token.text in SIGNS])
    place = token.start + random.randrange(len(token.text))
    return _Change(place, place + 1, "")


def _letters(random: Random, found: list[Token]) -> _Change | None:
    token = random.choice([token for token in found if token.kind == "word" and len(token.text) > 1])
    place = random.randrange(len(token.text))
    letter, rest = token.text[place], token.text[place + 1 : place + 2]
    how = random.choice(("drop", "double", "exchange"))
    if how == "exchange" and (not rest or rest == letter):
        return None
    new = {"drop": "", "double": 2 * letter, "exchange": rest + letter}[how]
    return _Change(token.start + place, token.start + place + (2 if how == "exchange" else 1), new)


_KINDS: dict[str, Callable[[Random, list[Token]], _Change | None]] = {
    "delete": _delete,
    "double": _double,
    "exchange": _exchange,
    "wrong sign": _wrong_sign,
    "missing sign": _missing_sign,
    "letters": _letters,
}
