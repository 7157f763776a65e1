"""Slips with `=` and `:`: settings of training as other formats write them, and variables and layers that are assigned."""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Span
from .lexer import Token
from .mistakes import BEGINS_ARGUMENT, WORDS, Mistake, Place

__all__ = ["called_setting", "labelled_setting", "setting"]


def called_setting(place: Place) -> Mistake:
    """`optimizer adam(lr=0.1, momentum=0.9)`, up to the end of its line."""
    line = Span(place.source, place.tokens[place.beginning].start, place.source.rest_of_line(place.token.start)[1])
    inner, _, rest = line.text.partition("(")[2].rpartition(")")
    message = "the arguments of a setting stand behind it without parentheses and commas"
    head = line.text.partition("(")[0].replace("=", " ")
    if rest.strip(" \t\r,") or set("()[]") & set(inner):
        return place.mistake(message, "write it as in `optimizer sgd lr=0.1 momentum=0.9`", silences_line=True)
    written = " ".join(f"{head} {inner.replace(',', ' ')}".split())
    written = re.sub(r"\s*=\s*", "=", written)
    return place.mistake(
        message, f"write `{written}`", at=line, fix=(f"write `{written}`", written), silences_line=True
    )


def setting(place: Place) -> Mistake | None:
    """`batch = 16` as a whole statement."""
    if place.token.type != "EQUAL" or place.index - 1 != place.beginning or not place.previous(*WORDS):
        return None
    name = place.text(place.tokens[place.index - 1])
    if name == "train" and place.follows("LBRACE"):
        return place.mistake("`train { ... }` has no `=`", fix=("remove the `=`", ""), retry=[])
    if not place.inside("TRAIN"):
        assigned = _assigned_layer(place, name) if place.follows("NAME", "REPEAT", "RESIDUAL") else None
        return assigned or _variable(place, name)
    if place.follows("CALLNAME"):
        return called_setting(place)
    return _written_setting(place, place.tokens[place.index - 1], [])


def _variable(place: Place, name: str) -> Mistake:
    """`width = 64` without `let`; it makes a new variable, unless the name was there before."""
    before = place.tokens[place.index - 1]
    is_new = all(place.text(token) != name for token in place.tokens[: place.index - 1])
    edit = Edit(Span(place.source, before.start, before.start), "let ")
    fix = Fix(f"write `let {name} = ...`", (edit,), is_new)
    message = f"`{name} = ...` is no statement"
    help_ = (f"a variable is made by `let {name} = ...`",)
    return Mistake(Diagnostic(syntax.UNEXPECTED, message, Label(place.span(place.token)), help=help_, fixes=(fix,)))


def labelled_setting(place: Place) -> Mistake | None:
    """`epochs: 90`."""
    if not place.at_statement or not place.previous("COLON") or not place.inside("TRAIN"):
        return None
    word = place.tokens[place.index - 2]
    return _written_setting(place, word, None) if word.type in WORDS else None


def _written_setting(place: Place, word: Token, retry: list[Token] | None) -> Mistake:
    """`epochs = 90,` is written `epochs 90`."""
    source, name = place.source, place.text(word)
    end = next(token.start for token in place.tokens[place.index :] if token.type in ("NEWLINE", "RBRACE", "$END"))
    sign = place.tokens[place.index if retry is not None else place.index - 1]
    rest = source.text[sign.end : end].strip(" \t")
    value = rest.rstrip(", \t")
    written = f"{name} {value}" if value else f"{name} ..."
    edits = [Edit(Span(source, word.end, sign.end + (source.text[sign.end : sign.end + 1] == " ")), " ")]
    if value != rest:
        edits.append(Edit(Span(source, sign.end + source.text[sign.end : end].rindex(value) + len(value), end), ""))
    fixes = (Fix(f"write `{written}`", tuple(edits), True),) if value else ()
    message = f"a setting of `train` has no `{place.text(sign)}`"
    help_ = (f"write `{written}`",)
    diagnostic = Diagnostic(syntax.UNEXPECTED, message, Label(place.span(sign)), help=help_, fixes=fixes)
    return Mistake(diagnostic, retry, silences_line=True)


def _assigned_layer(place: Place, name: str) -> Mistake | None:
    """``c1 = conv 64 3x3``: a label, unless the name is that of whatever flows by."""
    from ..foreign import FLOW, layer_named  # with its tables, which a text without mistakes does not need
    from ..ops import OPERATORS

    word, after = place.tokens[place.index + 1 : place.index + 3]
    called = word.type != "NAME" or after.type in BEGINS_ARGUMENT  # as nothing in an expression is
    if not (called or layer_named(place.text(word), OPERATORS)):
        return None
    before = place.tokens[place.index - 1]
    short = name.rpartition(".")[2]
    message = "what a layer makes is given a name by a label, not by `=`"
    if short in FLOW:
        behind = place.tokens[place.index + 1].start
        fix = Fix(f"remove `{name} =`", (Edit(Span(place.source, before.start, behind), ""),), True)
        help_: tuple[str, ...] = ("each layer works on the value before it, which needs no name",)
    else:
        fix = Fix(f"write `{short}:`", (Edit(place.span(before).to(place.span(place.token)), f"{short}:"),), True)
        help_ = (f"write `{short}: ...`",)
    return Mistake(Diagnostic(syntax.UNEXPECTED, message, Label(place.span(place.token)), help=help_, fixes=(fix,)))
