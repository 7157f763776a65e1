"""Slips at the top of a file: items as other languages begin them, imports, and layers outside of any network."""

from __future__ import annotations

import itertools
import re

from ..diagnostics.suggest import nearest
from ..source import Span
from .mistakes import WORDS, Mistake, Place

__all__ = ["foreign_import", "top_level"]

_ITEMS_ELSEWHERE = {
    **dict.fromkeys(("model", "net", "class", "module", "architecture", "graph", "cnn", "nn"), "network"),
    **dict.fromkeys(("def", "func", "fn", "function", "fun", "define", "macro", "layer", "component"), "block"),
    **dict.fromkeys(("training", "trainer", "fit", "hyperparameters", "solver", "config"), "train"),
    **dict.fromkeys(("import", "include", "using", "require", "load"), "use"),
}
"""What begins an item in other languages, and what does here."""


def _item_meant(place: Place) -> str | None:
    """The word for what begins here; of functions, those with a capital are networks."""
    text = place.text(place.token)
    meant = _ITEMS_ELSEWHERE.get(text.lower()) or nearest(text, ("network", "block", "train"))
    named = place.follows("NAME", "CALLNAME") and place.text(place.tokens[place.index + 1])[0].isupper()
    return "network" if meant == "block" and named and text.lower() in _ITEMS_ELSEWHERE else meant


def foreign_import(place: Place) -> Mistake | None:
    """`import basic from std` and `from std import basic`; frameworks are imported nowhere."""
    if not place.at_top or (_ITEMS_ELSEWHERE.get(place.text(place.token)) != "use" and place.token.type != "FROM"):
        return None
    first, last = place.source.rest_of_line(place.token.start)
    line = Span(place.source, first, last)
    written = re.match(r"(?:from (?P<origin>\S+) )?\w+ (?P<names>\w+(?:, ?\w+)*)(?: from (?P<behind>\S+))?$", line.text)
    origin = written and (written["origin"] or written["behind"])
    message = f"`{place.text(place.token)}` begins nothing at the top of a file"
    help_ = ('blocks of another file are taken by `use name from "blocks.cnn"`; layers need nothing of the kind',)
    if not written or origin != "std":
        return place.mistake(message, *help_, silences_line=True)
    use = f"use {written['names']} from std"
    return place.mistake(message, f"write `{use}`", at=line, fix=(f"write `{use}`", use), silences_line=True)


def top_level(place: Place) -> Mistake | None:
    """What begins no item of a file: a misspelt or foreign word, or a layer outside of any network."""
    if not place.at_top or place.token.type in ("NEWLINE", "$END"):
        return None
    text = place.text(place.token)
    meant = _item_meant(place) if place.token.type == "NAME" else None
    if meant is not None and not (meant == "use" or place.follows("COLON", "EQUAL")):
        line = itertools.takewhile(lambda token: token.type != "NEWLINE", place.tokens[place.index :])
        if not any(token.type == "LBRACE" for token in line):
            help_ = "write `train { ... }`" if meant == "train" else f"write `{meant} Name(...) {{ ... }}`, with braces"
            return place.mistake(f"`{text}` begins nothing at the top of a file", help_)
        goes_on = place.follows(*WORDS, "CALLNAME", "LBRACE")
        retry = [place.token._replace(type=meant.upper())] if goes_on else None
        message = f"`{text}` begins nothing at the top of a file"
        return place.mistake(message, label=f"did you mean `{meant}`?", fix=(f"write `{meant}`", meant), retry=retry)
    if text.startswith("/"):
        return place.mistake(f"`{text}` begins nothing at the top of a file", "a comment begins with `#`")
    message = f"`{text}` stands outside of any network"
    return place.mistake(
        message, "a file holds `network Name { ... }`, `block name(...) { ... }`, `train { ... }` and `use`"
    )
