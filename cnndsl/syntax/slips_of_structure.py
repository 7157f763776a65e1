"""Slips of structure: bodies without braces, the cases of a `match`, and the headers of blocks and networks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Span
from .lexer import Token
from .mistakes import WORDS, Mistake, Place

__all__ = ["body_without_braces", "case", "dictionary", "header", "two_bodies"]

_STRUCTURES = frozenset(("REPEAT", "FOR", "IF", "RESIDUAL", "BLOCK", "NETWORK"))
_ENDS = frozenset(("NEWLINE", "RBRACE", "$END"))
_DICTIONARY = re.compile(r"\{(?P<cases>[^{}\n]*)\}(?:\[(?P<key>[^\[\]\n]+)\]|\.get\((?P<got>[^()\n,]+)[^()\n]*\))?")


def body_without_braces(place: Place) -> Mistake | None:
    """`repeat 3 conv 64 3x3`, `if depth > 18: relu`, `block unit(c) = conv c 3x3`."""
    first = place.tokens[place.beginning]
    if first.type not in _STRUCTURES or "LBRACE" not in place.expected or "NEWLINE" in place.expected:
        return None
    sign = place.token.type in ("COLON", "PIPE", "EQUAL")
    if first.type == "RESIDUAL" and place.token.type == "COLON":
        return None  # a label, as it stands for any other layer
    body = place.index + sign
    if place.tokens[body].type not in {*WORDS, "CALLNAME", "REPEAT", "FOR", "RESIDUAL", "STRING"}:
        return None
    if (
        not sign
        and (place.tokens[body].type == "CALLNAME" or first.type in ("BLOCK", "NETWORK"))
        and not place.previous("RPAR")
    ):
        return None
    end = body
    while place.tokens[end].type not in _ENDS:
        if place.tokens[end].type == "LBRACE":
            return None
        end += 1
    brace = Token("LBRACE", place.token.start, place.token.start)
    last = place.tokens[end - 1]
    retry = [brace, *place.tokens[body:end], Token("RBRACE", last.end, last.end)]
    opening = Edit(Span(place.source, place.token.start, place.tokens[body].start), "{ ")
    if sign and place.source.text[place.token.start - 1] not in " \t":
        opening = opening.replace(replacement=" { ")
    edits = (opening, Edit(Span(place.source, last.end, last.end), " }"))
    certain = all(token.type != "PIPE" for token in place.tokens[body:end])
    message = f"the body of `{place.text(first)}` stands in braces"
    written = f"{{ {place.source.text[place.tokens[body].start : last.end]} }}"
    fix = Fix(f"write `{written}`", edits, certain)
    diagnostic = Diagnostic(
        syntax.UNEXPECTED, message, Label(place.span(place.token)), help=(f"write `{written}`",), fixes=(fix,)
    )
    return Mistake(diagnostic, retry, end - place.index)


def case(place: Place) -> Mistake | None:
    """`10 => 64`, `10: 64,`, `case 10: 64` and `else: 64` among the cases of a `match`."""
    if not place.inside("MATCH"):
        return None
    if place.token.type == "ELSE" and place.expected & {"NEWLINE", "LBRACE", "NUMBER"}:
        return place.mistake(
            "a `match` names every case: it has no `else`", "write a case for each value, as in `18: 64`"
        )
    if "COLON" in place.expected and not place.in_brackets:
        return _case_sign(place)
    if place.token.type != "COMMA" or not {"NEWLINE", "RBRACE"} <= place.expected:
        return None
    message = "the cases of a `match` stand on lines of their own, without commas"
    if not place.follows("NEWLINE", "RBRACE"):
        retry = [place.token._replace(type="NEWLINE")]
        return place.mistake(message, "write one case per line, as in `18: 64`", retry=retry)
    commas = [at for at in _rest_of_match(place) if _is_last_comma(place.tokens, at)]
    edits = tuple(Edit(place.span(place.tokens[at]), "") for at in commas)
    for at in reversed(commas[1:]):
        del place.tokens[at]
    fix = Fix("remove the commas" if len(commas) > 1 else "remove the comma", edits, True)
    label = Label(place.span(place.token))
    return Mistake(Diagnostic(syntax.UNEXPECTED, message, label, help=(fix.message,), fixes=(fix,)), [])


def _is_last_comma(tokens: list[Token], index: int) -> bool:
    return tokens[index].type == "COMMA" and tokens[index + 1].type in ("NEWLINE", "RBRACE")


def _rest_of_match(place: Place) -> Iterator[int]:
    """The indices of the tokens from here to the end of the braces."""
    for index in range(place.index, len(place.tokens)):
        if place.tokens[index].type in ("RBRACE", "LBRACE", "$END"):
            return
        yield index


def _case_sign(place: Place) -> Mistake | None:
    """`18 => 64`, `18 -> 64` and `18 = 64`: each of the cases may be written so, and it is one mistake."""
    if place.token.type not in ("ARROW", "EQUAL"):
        return None
    signs = [at for at in _rest_of_match(place) if _is_case_sign(place.tokens, at)]
    edits: list[Edit] = []
    for at in reversed(signs):
        double = place.tokens[at].type == "EQUAL" and place.tokens[at + 1].type == "COMPARISON"
        span = Span(place.source, place.tokens[at - 1].end, place.tokens[at + double].end)
        edits.insert(0, Edit(span, ":"))
        if at > place.index:
            place.tokens[at : at + 1 + double] = [place.tokens[at]._replace(type="COLON")]
    replaced = 2 if place.token.type == "EQUAL" and place.follows("COMPARISON") else 1
    fix = Fix("write `:`", tuple(edits), True)
    message = "a case of a `match` is written as in `18: 64`"
    diagnostic = Diagnostic(syntax.UNEXPECTED, message, Label(edits[0].span), help=("write `:`",), fixes=(fix,))
    return Mistake(diagnostic, [place.token._replace(type="COLON")], replaced)


def _is_case_sign(tokens: list[Token], index: int) -> bool:
    """Whether the sign is the first behind the beginning of its line."""
    if tokens[index].type not in ("ARROW", "EQUAL"):
        return False
    before = index - 1
    while tokens[before].type not in ("NEWLINE", "LBRACE", "ARROW", "EQUAL", "COLON"):
        before -= 1
    return tokens[before].type in ("NEWLINE", "LBRACE")


def dictionary(place: Place) -> Mistake | None:
    """`let c = {18: 64, 34: 128}[depth]`."""
    if place.token.type != "LBRACE" or not place.previous("EQUAL") or place.tokens[place.beginning].type != "LET":
        return None
    match = _DICTIONARY.match(place.source.text, place.token.start)
    message = "what depends on a value is chosen by `match`"
    key = (match["key"] or match["got"]) if match else None
    if match is None or key is None or ":" not in match["cases"]:
        return place.mistake(message, "write `let name = match depth { ... }`, one case per line, as in `18: 64`")
    line = place.source.line(place.source.position(place.token.start)[0])
    indent = line[: len(line) - len(line.lstrip())]
    cases = [item.strip() for item in re.split(r",(?![^(\[]*[)\]])", match["cases"]) if item.strip()]
    lines = "".join(f"{indent}    {item}\n" for item in cases)
    written = f"match {key} {{\n{lines}{indent}}}"
    span = Span(place.source, place.token.start, match.end())
    shown = f"write `match {key} {{ ... }}`, one case per line, as in `{cases[0]}`"
    return place.mistake(message, shown, at=span, fix=(f"write `match {key} {{ ... }}`", written))


def two_bodies(place: Place) -> Mistake | None:
    """`block unit(c) { ... } { ... }` and `repeat 3 {{ ... }}`."""
    if place.token.type != "LBRACE" or "LBRACE" in place.expected:
        return None
    if place.previous("RBRACE"):
        return place.mistake("a body is one pair of braces", "write all its layers in the first one")
    if place.previous("LBRACE") and place.between(place.index) == "":
        return place.mistake("one `{` begins a body", "write `{` once, and `}` once at its end")
    return None


def header(place: Place) -> Mistake | None:
    """What stands between the name of a block or network and its body."""
    item = place.tokens[place.beginning]
    if item.type not in ("BLOCK", "NETWORK") or place.beginning == place.index:
        return None
    behind_name = place.index == place.beginning + 2 and {"LBRACE", "LPAR"} <= place.expected
    if place.index == place.beginning + 1:
        return _name(place)
    if behind_name:
        return _behind_name(place)
    if place.in_brackets and {"COMMA", "RPAR"} <= place.expected:
        return _parameter(place)
    if place.expected == {"LBRACE"} and place.token.type in ("ARROW", "EQUAL"):
        return _before_body(place)
    return None


def _name(place: Place) -> Mistake | None:
    """`network "N"`, `block unit[c]`."""
    token = place.token
    item = place.text(place.tokens[place.index - 1])
    if token.type == "STRING":
        name = place.text(token)[1:-1]
        message = f"the name of a {item} stands in no quotes"
        if not name.isidentifier():
            return place.mistake(message, "write it of letters, digits and `_`")
        retry = [Token("NAME", token.start + 1, token.end - 1)]
        return place.mistake(message, fix=(f"write `{name}`", name), retry=retry)
    if token.type != "INDEXED":
        return None
    return _parameters(place, place.index, "RSQB")


def _behind_name(place: Place) -> Mistake | None:
    """`block unit c s=1 {`, `block unit<c> {`, `network LeNet-5 {`, `network My Net {`."""
    name = place.tokens[place.index - 1]
    token = place.token
    if token.type == "MINUS" or (token.type == "NAME" and place.follows("LBRACE") and place.text(token)[0].isupper()):
        last = place.tokens[place.index + (token.type == "MINUS")]
        whole = Span(place.source, name.start, last.end)
        written = "_".join(re.findall(r"\w+", whole.text))
        message = "a name is of letters, digits and `_`"
        return place.mistake(
            message, at=whole, fix=(f"write `{written}`", written), retry=[], replaced=1 + (token.type == "MINUS")
        )
    if token.type in WORDS:
        return _parameters(place, place.index - 1, "")
    if token.type == "COMPARISON" and place.text(token) == "<":
        return _parameters(place, place.index - 1, "COMPARISON")
    return _before_body(place) if token.type in ("EQUAL", "ARROW") else None


def _parameters(place: Place, name_index: int, closer: str) -> Mistake | None:
    """Parameters without parentheses, or in others."""
    end = place.index
    while place.tokens[end].type not in (*_ENDS, "LBRACE"):
        end += 1
    if place.tokens[end].type != "LBRACE":
        return None
    name = place.tokens[name_index]
    inside = [token for token in place.tokens[name_index + 1 : end] if token.type not in ("LSQB", "RSQB", "COMPARISON")]
    retry = [Token("LPAR", inside[0].start, inside[0].start)] if inside else []
    texts: list[str] = []
    for index, token in enumerate(inside):
        begins = index and token.type in WORDS and inside[index - 1].type not in ("EQUAL", "COMMA")
        if begins:
            retry.append(Token("COMMA", token.start, token.start))
        text = place.text(token)
        texts.append(f", {text}" if begins else f"{text} " if token.type == "COMMA" else text)
        retry.append(token)
    if not inside:
        return None
    retry.append(Token("RPAR", inside[-1].end, inside[-1].end))
    written = f"{place.text(name)}({''.join(texts)})"
    span = Span(place.source, name.start, place.tokens[end - 1].end)
    if name_index == place.index:
        retry = [name._replace(type="NAME"), *retry]
    message = "parameters stand in parentheses behind the name, with commas between"
    return place.mistake(
        message,
        f"write `{written} {{`",
        at=span,
        fix=(f"write `{written}`", written),
        retry=retry,
        replaced=end - place.index,
    )


def _parameter(place: Place) -> Mistake | None:
    """`c := 64`."""
    if place.token.type != "COLON" or not place.follows("EQUAL"):
        return None
    after = place.tokens[place.index + 1]
    span = place.span(place.token).to(place.span(after))
    retry = [after]
    blank = "" if place.source.text[span.end : span.end + 1] != " " else " "
    message = "a parameter gets its default by `=`"
    return place.mistake(message, "write `=`", at=span, fix=("write `=`", f"{blank}="), retry=retry, replaced=2)


def _before_body(place: Place) -> Mistake | None:
    """`block unit(c) -> c {`, `network N = {`."""
    end = place.index
    while place.tokens[end].type not in (*_ENDS, "LBRACE"):
        end += 1
    if place.tokens[end].type != "LBRACE":
        return None
    span = Span(place.source, place.token.start, place.tokens[end].start)
    written = span.text.strip()
    message = f"`{written}` has no meaning before a body"
    facts = ("what it gives is known from its layers",) if place.token.type == "ARROW" else ()
    return place.mistake(message, *facts, at=span, fix=("remove it", ""), retry=[], replaced=end - place.index)
