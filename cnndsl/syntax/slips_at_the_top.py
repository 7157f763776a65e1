"""Slips at the top of a file: items as other languages begin them, imports, and layers outside of any network."""

from __future__ import annotations

import itertools
import re

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..diagnostics.suggest import nearest
from ..source import Span
from .lexer import Token
from .mistakes import WORDS, Mistake, Place
from .top_elsewhere import imported

__all__ = ["foreign_import", "top_level", "use"]

_USE = 'blocks of another file are taken by `use name from "blocks.cnn"`; layers need nothing of the kind'

_ITEMS_ELSEWHERE = {
    **dict.fromkeys(("model", "net", "class", "module", "architecture", "graph", "cnn", "nn"), "network"),
    **dict.fromkeys(("def", "func", "fn", "function", "fun", "define", "macro", "void", "layer", "component"), "block"),
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
    return _import(place, place.token.start, f"`{place.text(place.token)}` begins nothing at the top of a file")


def use(place: Place) -> Mistake | None:
    """`use * from std`, `use std.basic`, `use (basic, bottleneck) from std`."""
    first = place.tokens[place.beginning]
    if first.type != "USE" or place.at_top or place.at_statement:
        return None
    mistake = _import(place, first.start, "blocks are taken by `use name, name from std`, or from a file in quotes")
    return mistake if mistake.diagnostic.fixes or mistake.diagnostic.help != (_USE,) else None


def _import(place: Place, start: int, message: str) -> Mistake:
    line = Span(place.source, start, place.source.rest_of_line(start)[1])
    code = line.replace(end=start + len(re.sub(r"\s*#.*$", "", line.text).rstrip()))
    written, facts, names, certain = imported(code.text, place.source.text)
    help_ = (f"write `{written}`", *facts) if written else facts or (_USE,)
    fixes = (Fix(f"write `{written}`", (Edit(code, written),), certain),) if written else ()
    if certain and not written:
        fixes = (Fix("remove it", (Edit(code, ""),), True),)
    at = place.span(place.token) if place.token.start == start else code
    diagnostic = Diagnostic(syntax.UNEXPECTED, message, Label(at), help=help_, fixes=fixes)
    return Mistake(diagnostic, silences_line=True, defines=names)


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
    if place.token.type in ("CALLNAME", "BLOCK", "NETWORK"):
        mistake = _without_word(place)
        if mistake is not None:
            return mistake
    if text.startswith("/"):
        return place.mistake(f"`{text}` begins nothing at the top of a file", "a comment begins with `#`")
    message = f"`{text}` stands outside of any network"
    return place.mistake(
        message, "a file holds `network Name { ... }`, `block name(...) { ... }`, `train { ... }` and `use`"
    )


def _without_word(place: Place) -> Mistake | None:
    """`unit(c) {` without `block`, and `block(c) {` without a name."""
    line = list(itertools.takewhile(lambda token: token.type != "NEWLINE", place.tokens[place.index :]))
    if not line or line[-1].type != "LBRACE":
        return None
    text = place.text(place.token)
    if text in ("block", "network"):
        help_ = f"write `{text} name(...) {{ ... }}`: by its name it is {'used' if text == 'block' else 'known'}"
        return place.mistake(f"this {text} has no name", help_, silences_line=True)
    message = f"`{text}(...)` begins nothing at the top of a file"
    at = Span(place.source, place.token.start, place.token.start)
    edit = Edit(at, "block ")
    label = Label(place.span(place.token))
    fix = Fix(f"write `block {text}`", (edit,), True)
    retry = [Token("BLOCK", at.start, at.start), place.token]
    diagnostic = Diagnostic(
        syntax.UNEXPECTED, message, label, help=(f"write `block {text}(...) {{ ... }}`",), fixes=(fix,)
    )
    return Mistake(diagnostic, retry)
