"""What other languages have at the top of a file: variables for all of it, and imports in many spellings."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..source import Source, Span
from .lexer import Token

__all__ = ["DECLARING", "imported", "take_variables", "without_signs_of_imports"]

_FRAMEWORKS = frozenset(
    (
        "torch",
        "torchvision",
        "tensorflow",
        "tf",
        "keras",
        "numpy",
        "np",
        "jax",
        "flax",
        "math",
        "os",
        "sys",
        "cnndsl",
        "typing",
    )
)
DECLARING = frozenset(
    ("const", "var", "val", "auto", "int", "float", "double", "local", "static", "final", "my", "set", "def", "dim")
)
"""Words that make a variable elsewhere."""
_FROM = re.compile(r"(?:\bfrom|\bin)\s+(?P<quote>[\"'<]?)(?P<origin>[\w./\\-]+)")
_BEGINS_WITH_ORIGIN = re.compile(r"\s*(?P<origin>std)\s*(?:\.|::?|/)\s*")
_NOT_NAMES = frozenset(
    ("use", "import", "include", "using", "require", "load", "from", "in", "std", "and", "as", "all")
)


def take_variables(source: Source, tokens: list[Token], diagnostics: Diagnostics) -> list[Token]:
    """Report `let` and `name = value` above the networks; the tokens with them inside of each network and block."""
    lines = list(_variables(source, tokens))
    if not lines:
        return tokens
    moved = [token for first, last in lines for token in _as_let(tokens, first, last)]
    gone = {index for first, last in lines for index in range(first, last + 1)}
    kept: list[Token] = []
    bodies: list[Token] = []
    depth = 0
    header = ""
    for index, token in enumerate(tokens):
        if index in gone or (token.type == "NEWLINE" and kept and kept[-1].type == "NEWLINE"):
            continue
        kept.append(token)
        if depth == 0 and token.type in ("NETWORK", "BLOCK", "TRAIN"):
            header = token.type
        depth += (token.type == "LBRACE") - (token.type == "RBRACE")
        if token.type == "LBRACE" and depth == 1 and header in ("NETWORK", "BLOCK"):
            kept += moved[: -1 if _is_newline(tokens, index + 1) else len(moved)]
            bodies.append(token)
    if not bodies:
        return tokens
    diagnostics.report(_outside(source, tokens, lines, bodies))
    return kept


def _is_newline(tokens: list[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].type == "NEWLINE"


def _variables(source: Source, tokens: list[Token]) -> Iterator[tuple[int, int]]:
    """The first and last token of each statement at the top that makes a variable."""
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.type == "LBRACE") - (token.type == "RBRACE")
        if depth or source.position(token.start)[1] > 1:
            continue
        following = tokens[index + 1].type if index + 1 < len(tokens) else ""
        declared = source.text[token.start : token.end] in DECLARING and following == "NAME"
        if token.type == "LET" or (token.type == "NAME" and (following == "EQUAL" or declared)):
            last = index
            while last + 1 < len(tokens) and tokens[last + 1].type not in ("NEWLINE", "LBRACE", "RBRACE", "PIPE"):
                last += 1
            types = [token.type for token in tokens[index : last + 1]]
            if "EQUAL" in types[:-1] and "COLON" not in types and not _is_brace(tokens, last + 1):
                yield index, last


def _is_brace(tokens: list[Token], index: int) -> bool:
    return index < len(tokens) and tokens[index].type == "LBRACE"


def _as_let(tokens: list[Token], first: int, last: int) -> Iterator[Token]:
    begins = tokens[first].type == "LET" or tokens[first + 1].type == "NAME"
    yield Token("LET", tokens[first].start, tokens[first].start)
    yield from tokens[first + begins : last + 1]
    yield Token("NEWLINE", tokens[last].end, tokens[last].end)


def _outside(source: Source, tokens: list[Token], lines: list[tuple[int, int]], bodies: list[Token]) -> Diagnostic:
    spans = [Span(source, tokens[first].start, tokens[last].end) for first, last in lines]
    declares = rf"(?:(?:let|{'|'.join(sorted(DECLARING))})\s+)?(?=\w+\s*=|\()"
    written = [re.sub(rf"^{declares}", "let ", span.text) for span in spans]
    message = "a variable is made inside of a network or block, not outside"
    help_ = f"write `{written[0]}` inside of the braces, or make it a parameter with a default"
    edits = [Edit(Span(source, span.start, min(len(source.text), span.end + 1)), "") for span in spans]
    at = bodies[0].end
    edits.append(Edit(Span(source, at, at), "".join(f"\n    {line}" for line in written)))
    fixes = (Fix("move it into the braces", tuple(edits), True),) if len(bodies) == 1 else ()
    others = tuple(Label(span, "and here") for span in spans[1:8])
    return Diagnostic(syntax.UNEXPECTED, message, Label(spans[0]), others, help=(help_,), fixes=fixes)


def without_signs_of_imports(source: Source, tokens: list[Token]) -> list[Token]:
    """The tokens without what is none in an import at the top: the whole of it is one mistake, which the parser finds."""
    kept: list[Token] = []
    depth = 0
    is_import = False
    for token in tokens:
        if not kept or kept[-1].type == "NEWLINE":
            is_import = not depth and source.text[token.start : token.end] in ("from", "import", "include", "use")
        depth += (token.type == "LBRACE") - (token.type == "RBRACE")
        if not (is_import and token.type.startswith("BAD_")):
            kept.append(token)
    return kept


def imported(line: str, text: str) -> tuple[str, tuple[str, ...], tuple[str, ...], bool]:
    """What an import is written as here, empty if nobody knows; what is to be said of it; the blocks that it takes; and
    whether there is no other reading. ``text`` is the whole spec: `*` takes those of its words that are no layers.
    """
    rest = re.sub(r"^\s*(?:use|import|include|using|require|load)\b", "", line.strip().rstrip(";")).replace("'", '"')
    behind = _FROM.search(rest)
    before = _BEGINS_WITH_ORIGIN.match(rest)
    quoted = re.findall(r'"([^"]+)"', rest)
    origin = behind["origin"] if behind else "std" if before or rest.split()[:1] == ["std"] else ""
    if not origin and len(quoted) == 1 and (quoted[0].endswith(".cnn") or "/" in quoted[0]):
        origin = quoted[0]
    if not origin and "*" in rest:
        origin = "std"
    if origin.partition(".")[0] in _FRAMEWORKS or (not origin and set(re.findall(r"\w+", rest)) & _FRAMEWORKS):
        return "", ("remove it: all layers are known, and blocks come from `std` or from files of specs",), (), True
    names_text = rest.replace(behind[0], " ") if behind else rest
    names_text = re.sub(r'"[^"]*(?:\.cnn|/)[^"]*"', " ", names_text)
    renamed = re.findall(r"\bas\s+(\w+)", names_text)
    found = re.findall(r"[A-Za-z_]\w*", re.sub(r"\bas\s+\w+", " ", names_text))
    names = [name for name in dict.fromkeys(found) if name not in _NOT_NAMES]
    facts = ("a block keeps its name: it is called as it is defined",) if renamed else ()
    sure = bool(names)
    if not names:
        names = _unknown_words(text)
    if not names or not origin:
        return "", facts, tuple(names), False
    place = "std" if origin.lower() in ("std", "stdlib", "standard") else f'"{_file(origin)}"'
    return f"use {', '.join(names)} from {place}", facts, (*names, *renamed), not renamed and (sure or place == "std")


def _file(origin: str) -> str:
    name = origin.strip("./\\") if not origin.endswith(".cnn") else origin
    return name if name.endswith(".cnn") else f"{name.replace('.', '/')}.cnn"


def _unknown_words(text: str) -> list[str]:
    """The words that begin statements and are neither layers nor blocks of this text."""
    from ..ops import OPERATORS  # only a text with such an import needs them
    from .tables import KEYWORDS

    blocks = set(re.findall(r"\b(?:block|network)[ \t]+(\w+)", text))
    known = (
        OPERATORS.keys()
        | KEYWORDS.keys()
        | blocks
        | {"branch", "concat", "add", "mul", "seq", "head", "input", "split"}
    )
    settings = re.sub(r"\btrain\b[^{\n]*\{[^}]*\}", " ", text)
    known |= _NOT_NAMES
    words = re.findall(r"(?:^|[{|:])[ \t]*([a-z]\w*)\b(?![ \t]*[:=(])", settings, re.MULTILINE)
    return [word for word in dict.fromkeys(words) if word not in known]
