"""Slips with `=` and `:`: settings of training as other formats write them, and variables and layers that are assigned."""

from __future__ import annotations

import re

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Span
from .lexer import Token
from .mistakes import BEGINS_ARGUMENT, WORDS, Mistake, Place

__all__ = ["called_setting", "labelled_setting", "lonely_call", "setting", "unknown_setting"]


def called_setting(place: Place) -> Mistake:
    """`optimizer adam(lr=0.1, momentum=0.9)`, up to the end of its line."""
    from ..explain.foreign.settings import written_setting  # with its tables, which only a mistake needs

    start = place.beginning
    if place.tokens[start - 1].type == "COLON":
        start -= 2
    line = Span(place.source, place.tokens[start].start, _end(place))
    message = "the arguments of a setting stand behind it without parentheses and commas"
    written = written_setting(line.text) or _bare(line.text)
    if not written:
        return place.mistake(message, "write it as in `optimizer sgd lr=0.1 momentum=0.9`", silences_line=True)
    return place.mistake(
        message, f"write `{written}`", at=line, fix=(f"write `{written}`", written), silences_line=True
    )


def _end(place: Place) -> int:
    """Where the statement ends: with its line, or before a brace."""
    ends = ("NEWLINE", "RBRACE", "PIPE", "$END")
    end = next(token.start for token in place.tokens[place.index :] if token.type in ends)
    return len(place.source.text[:end].rstrip(" \t"))


def _bare(text: str) -> str:
    """The setting without parentheses and commas; empty if more stands in them than names and numbers."""
    head, _, rest = text.partition("(")
    inner, _, behind = rest.rpartition(")")
    if behind.strip(" \t\r,") or set("()[]") & set(inner):
        return ""
    written = " ".join(f"{re.sub('[=:]', ' ', head)} {inner.replace(',', ' ')}".split())
    return re.sub(r"\s*=\s*", "=", written)


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


def lonely_call(place: Place) -> Mistake | None:
    """`Adam(lr=1e-3)` as a whole statement of training."""
    if place.token.type != "CALLNAME" or not place.at_statement or not place.inside("TRAIN"):
        return None
    return called_setting(place)


def labelled_setting(place: Place) -> Mistake | None:
    """`epochs: 90`."""
    if not place.at_statement or not place.previous("COLON") or not place.inside("TRAIN"):
        return None
    word = place.tokens[place.index - 2]
    if place.token.type == "CALLNAME":
        return called_setting(place)
    return _written_setting(place, word, None) if word.type in WORDS else None


def _written_setting(place: Place, word: Token, retry: list[Token] | None) -> Mistake:
    """`epochs = 90,` is written `epochs 90`."""
    from ..explain.foreign.settings import SETTINGS, written_setting

    source, name = place.source, place.text(word)
    end = _end(place)
    sign = place.tokens[place.index if retry is not None else place.index - 1]
    value = source.text[sign.end : end].strip(" \t").rstrip(", \t")
    whole = Span(source, word.start, end)
    written = written_setting(whole.text) or (f"{name} {value or '...'}" if name in SETTINGS else "")
    if not written:
        found = unknown_setting(place.span(word), value, whole)
        return Mistake(found.replace(kind=syntax.UNEXPECTED), silences_line=True)
    fixes = (Fix(f"write `{written}`", (Edit(whole, written),), True),) if value else ()
    message = f"a setting of `train` has no `{place.text(sign)}`"
    help_ = (f"write `{written}`",)
    diagnostic = Diagnostic(syntax.UNEXPECTED, message, Label(place.span(sign)), help=help_, fixes=fixes)
    plain = name in SETTINGS and written == f"{name} {value}"
    return Mistake(diagnostic, retry if plain else None, silences_line=True)


def unknown_setting(word: Span, value: str, whole: Span) -> Diagnostic:
    """What to say of a word that is no setting; what belongs to the optimizer is moved there."""
    from ..diagnostics.kinds import training
    from ..explain.foreign.settings import help_with_setting

    help_ = help_with_setting(word.text)
    message = f"`train` has no setting `{word.text}`"
    fixes = _moved(word, value, whole) if "the optimizer" in help_ and value else ()
    return Diagnostic(training.UNKNOWN_TRAINING_SETTING, message, Label(word), help=(help_,), fixes=fixes)


def _moved(word: Span, value: str, whole: Span) -> tuple[Fix, ...]:
    """The edit that gives an attribute to the optimizer, where the file names one that has none yet."""
    text = word.source.text
    name = {"learning_rate": "lr", "learningrate": "lr"}.get(word.text, word.text)
    found = re.findall(r"^[ \t]*optimizer[ \t]+\w[^\n#|}]*", text, re.MULTILINE)
    if len(found) != 1 or re.search(rf"\b{name}\s*=", found[0]) or not re.fullmatch(r"[0-9.eE+-]+|true|false", value):
        return ()
    end = text.index(found[0]) + len(found[0].rstrip())
    begin = text.rfind("\n", 0, whole.start) + 1
    after = whole.source.rest_of_line(whole.end)[1]
    alone = not text[begin : whole.start].strip() and not text[whole.end : after].strip()
    removed = Span(whole.source, begin, min(len(text), after + 1)) if alone else whole
    edits = (Edit(Span(whole.source, end, end), f" {name}={value}"), Edit(removed, ""))
    return (Fix(f"give `{name}={value}` to the optimizer", edits, True),) if alone else ()


def _assigned_layer(place: Place, name: str) -> Mistake | None:
    """``c1 = conv 64 3x3``: a label, unless the name is that of whatever flows by."""
    from ..explain.foreign import FLOW, layer_named  # with its tables, which a text without mistakes does not need
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
