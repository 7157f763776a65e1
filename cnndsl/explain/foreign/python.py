"""Statements of Python put into our words: calls of layers as PyTorch, Keras and Caffe have them, and what is done with them.

Python's own parser reads them: ``self.conv1 = nn.Conv2d(3, 64, 3)``, ``x = F.relu(F.max_pool2d(x, 2))``,
``keras.Sequential([...])``. What the names in them stand for follows from the text before: ``x`` is the value that flows from
layer to layer if the statement before made it.
"""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress

from ...source import Source, Span
from ...syntax.tables import KEYWORDS
from ...translation.layers import TORCH_METHODS
from ...translation.lookup import call_in_our_words, rows_of
from ...translation.meaning import meaning
from ...translation.names import FLOW, SEVERAL, fold
from ...translation.records import UNKNOWN, Argument, Row, Written, our_text

__all__ = ["PythonReader", "parsed"]

_JOINS = {"cat": "concat", "concat": "concat", "concatenate": "concat", "add": "add", "mul": "mul", "multiply": "mul"}
_PACKAGES = frozenset(("nn", "F", "torch", "layers", "keras", "tf", "L", "np", "self", "functional", "activations"))
_OUR_LABEL = re.compile(r'"?(?:[A-Za-z0-9_-]|\{[^{}]*\})+"?')

_INSIDE = "the layer inside the parentheses goes on the line before"
_ANOTHER = "a layer works on the value before it; `from NAME` goes on from another one"
_COMMENT = "a comment inside of the call cannot stay there: put it on a line of its own"
_ELEMENT = "each layer of a `seq { ... }` is a call of its own"

_LONGEST = 20_000
"""No statement is read that is longer."""
_BOUND = re.compile(r"^[ \t]*((?:\w+\.)*)(\w+)[ \t]*(?:[-+*]?=(?!=)|:)", re.MULTILINE)
_WORD = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
_ANOTHER_STATEMENT = re.compile(r"[|{}]|\n[ \t]*[\w\"][\w.]*(?:[ \t]|\Z|[ \t]*[(:])(?![^\n]*,$)")
_SIZE = re.compile(r"(?<![\w.])[0-9]+(?:x[0-9]+)+(?![\w.])")
_LABEL = re.compile(r'\s*(?:("[^"\n]*")\s*:\s*(?=[A-Za-z_]))?')
_SEPARATOR = re.compile(r"\s*[,;]")
_NUMBER = re.compile(r"-?(?:[0-9][0-9_]*(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_SAYABLE = (
    *(ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.IfExp, ast.Compare, ast.BoolOp, ast.Subscript),
    *(ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.expr_context),
)


class PythonReader:
    """Reads statements of one text, and knows the names that it binds, as ``name = ...`` and ``name: ...``, in order."""

    def __init__(self, source: Source) -> None:
        self.source = source
        found = list(_BOUND.finditer(source.text))
        self.bound = Counter(item[2] for item in found)
        self.words = Counter(_WORD.findall(source.text))
        self.values = [(item.start(2), item[2]) for item in found if item[1] != "self."]
        self.first = {name: start for start, name in reversed(self.values)}

    def translate(self, span: Span) -> tuple[Written, Span] | None:
        """A statement in our words, and where it stands with its label; None if it is nothing that a layer is made by."""
        statement = parsed(span.text, self, span.start) if span.end - span.start <= _LONGEST else None
        try:
            made = statement.written() if statement is not None else None
        except RecursionError:
            return None
        if made is None or statement is None:
            return None
        return made, Span(self.source, span.start + statement.begin, span.start + statement.end)

    def flows(self, name: str, place: int) -> bool:
        """Whether a name is that of the value which enters the statement at a place.

        It is if the statement before gave the value this name, or gave none, and the name stands for whatever comes by.
        """
        before = self._before(place)
        return name == before if before else name in FLOW and not self.is_bound(name, place)

    def is_bound(self, name: str, place: int) -> bool:
        """Whether a value has this name before a place."""
        return self.first.get(name, len(self.source.text)) < place

    def is_label(self, name: str) -> bool:
        """Whether a name may be a label: it is bound once, and not to whatever comes by."""
        return bool(name) and name not in FLOW and self.bound[name] <= 1

    def _before(self, place: int) -> str:
        """The name that the statement before a place gives its value; empty if it gives none."""
        index = bisect_left(self.values, (place, "")) - 1
        start, name = self.values[index] if index >= 0 else (0, "")
        between = self.source.text[start:place]
        return "" if index < 0 or len(between) > _LONGEST or _ANOTHER_STATEMENT.search(between.rstrip()) else name


def _unsaid(name: str, doubt: str) -> Written:
    return Written(name, doubts=(doubt,), whole=False)


class Statement:
    """One statement of Python: the tree of ``code``, which begins at ``start`` of a text, and what it is in our words.

    With its label and comma it goes from ``begin`` to ``end``. ``names`` are those of the text around it, ``place`` its own.
    """

    def __init__(self, text: str, node: ast.stmt, found: re.Match[str], names: PythonReader, place: int) -> None:
        self.node, self.names, self.place = node, names, place
        self.label, start = found[1] or "", found.end()
        self.code = text[start:]
        self._lines = [0, *(end.end() for end in re.finditer("\n", self.code))]
        self.begin = found.start(1) if self.label else start
        last = self.span(node)[1]
        comma = _SEPARATOR.match(self.code, last)
        self.end = start + (comma.end() if comma else last)

    def span(self, node: ast.stmt | ast.expr) -> tuple[int, int]:
        """Where a part begins and ends in the code."""
        assert node.end_lineno is not None
        assert node.end_col_offset is not None
        return self._lines[node.lineno - 1] + node.col_offset, self._lines[node.end_lineno - 1] + node.end_col_offset

    def text(self, node: ast.expr) -> str:
        """A part as it is written, on one line."""
        start, end = self.span(node)
        return " ".join(self.code[start:end].split())

    def arguments(self, call: ast.expr) -> list[Argument]:
        """The arguments of a call."""
        assert isinstance(call, ast.Call)
        named = [self.argument(each.value, each.arg or "**") for each in call.keywords]
        return [self.argument(each) for each in call.args] + named

    def argument(self, node: ast.expr, name: str = "") -> Argument:
        """An argument of a call."""
        text = self.text(node)
        if isinstance(node, ast.Tuple | ast.List):
            items = [self.argument(item) for item in node.elts]
            known = items and all(item.value is not UNKNOWN for item in items)
            sayable, values = all(item.sayable for item in items), [item.value for item in items]
            return Argument(name, f"({', '.join(item.text for item in items)})", values if known else UNKNOWN, sayable)
        if isinstance(node, ast.Constant | ast.UnaryOp):
            with suppress(ValueError):
                return _literal(name, text, ast.literal_eval(node))
        if _SIZE.fullmatch(text):
            return Argument(name, text, tuple(map(int, text.split("x"))))
        sayable = all(isinstance(each, _SAYABLE) for each in ast.walk(node))
        return Argument(name, f"({text})" if sayable and not isinstance(node, ast.Name) else text, sayable=sayable)

    def written(self) -> Written | None:
        """The whole statement; None if it makes no value."""
        target, label = "", self.label
        match self.node:
            case ast.Expr(value=ast.Tuple(elts=[ast.Call() as value])) | ast.Expr(value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=label), annotation=value, value=None):
                pass
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as named], value=value):
                target = self.text(named)
            case _:
                return None
        made = self._call(value) if isinstance(value, ast.Call) else None
        return self._labelled(made, target, label) if made is not None and made.layers else made

    # Names

    def _labelled(self, made: Written, target: str, label: str = "") -> Written:
        """The layers with their label. A name that is used again is that of the last: its value has passed them all."""
        name, texts = target.rpartition(".")[2], list(made.layers)
        is_used = not target.startswith("self.") and self.names.words[name] > self.names.bound[name]
        first, begin = label or made.label, int(texts[0].startswith("from ") and len(texts) > 1)
        last = name if self.names.is_label(name) and not texts[0].startswith("input ") else ""
        if first and not _OUR_LABEL.fullmatch(first):
            return made.doubted(f"`{first}` is not a label: a label has letters, digits, `_` and `-`")
        if first:
            texts[begin] = f"{_quoted(first)}: {texts[begin]}"
        if last and (is_used or not first):
            index = -1 if is_used else begin
            texts[index] = f"{_quoted(last)}: {texts[index]}"
        return made.replace(layers=tuple(texts))

    def _is_value(self, node: ast.expr) -> bool:
        """Whether an expression is a value that layers work on, and not a number."""
        match node:
            case ast.Name(id=name):
                return name in FLOW or self.names.is_bound(name, self.place)
            case ast.Attribute(value=ast.Name(id=owner)):
                return owner not in _PACKAGES
            case ast.BinOp(left=left):
                return self._is_value(left)
        return isinstance(node, ast.Call)

    def _value(self, node: ast.expr) -> Written:
        """The layers that make a value which another works on: none if it is the value before."""
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                if self.names.flows(name, self.place):
                    return Written(name)
                is_label = self.names.is_label(name) and self.names.is_bound(name, self.place)
                return Written(name, (f"from {name}",)) if is_label else Written(name, doubts=(_ANOTHER,))
            case ast.Call():
                return self._call(node)
        return _unsaid(self.text(node), _INSIDE)

    # Calls

    def _call(self, node: ast.Call) -> Written:
        function, values = node.func, node.args
        name = self.text(function)
        last = name.rpartition(".")[2]
        if last in ("add", "append") and len(values) == 1 and isinstance(values[0], ast.Call):
            return self._call(values[0])
        if word := _JOINS.get(last.lower()):
            told = f"`{word} skip` joins the value before it and the one labelled `skip`, along the channels"
            return _unsaid(name, told)
        if isinstance(function, ast.Call) and values:  # Layer(...)(x)
            made = self._call(function)
            return made.after(self._value(values[0])) if made.layers else made
        if fold(last) == "sequential":
            return self._sequence(name, node)
        made = self._layer(node, name)
        start, end = self.span(node)
        return made.doubted(_COMMENT if "#" in self.code[start:end] else "")

    def _layer(self, node: ast.Call, name: str) -> Written:
        """``nn.Conv2d(3, 8, 3)``, ``F.relu(x)``, ``x.view(-1, 400)``, ``x.relu()``."""
        arguments, function = self.arguments(node), node.func
        owner = function.value if isinstance(function, ast.Attribute) else None
        value: ast.expr | None = owner
        if owner is not None and not isinstance(owner, ast.Attribute) and self._is_value(owner):
            method = name.rpartition(".")[2]
            rows, doubt = rows_of(f"method.{method}")
            if method in TORCH_METHODS and len(node.args) > 1:
                values = [each.value for each in arguments if not each.name]
                arguments = [Argument("", "", values), *arguments[len(values) :]]
        else:
            value = next(filter(self._is_value, node.args[:1]), None)
            rows, doubt = rows_of(name, takes_value=value is not None)
            if rows and rows[0].tool and not name.startswith("L.") and rows[0].find("input") is None:
                value = None
            arguments = arguments[value is not None :] if rows else arguments
        if not rows:
            return _unknown(name, arguments)
        made = _written(name, rows, arguments).doubted(doubt)
        return made if value is None else made.after(self._value(value))

    def _sequence(self, name: str, node: ast.Call) -> Written:
        """``nn.Sequential(...)`` and ``keras.Sequential([...])``: braces around the layers, on the lines that they have."""
        items = node.args[0].elts if node.args and isinstance(node.args[0], ast.List) else node.args
        parts = [self._call(item) for item in items if isinstance(item, ast.Call)]
        if not parts or len(parts) < len(items):
            return _unsaid(name, _ELEMENT)
        parts = [self._labelled(part, "") if part.layers else part for part in parts]
        code, (start, end), spans = self.code, self.span(node), [self.span(item) for item in items]
        text = "seq {" + _gap(re.split(r"[(\[]", code[start : spans[0][0]])[-1], " ")
        for part, (_, before), (after, _) in zip(parts, spans, spans[1:], strict=False):
            text += part.line + _gap(code[before:after], " | ")
        last = re.sub(r"[\])][\])\s]*$", "", code[spans[-1][1] : end])
        text += f"{parts[-1].line}{_gap(last, ' ')}}}"
        return Written(name, (text,)).after(*(part.replace(layers=()) for part in parts))


def _gap(text: str, otherwise: str) -> str:
    """What stands between layers, without its comma: line ends and comments stay."""
    gap = re.sub(r"^\s*,", "", text)
    return gap if "\n" in gap else otherwise


def parsed(text: str, names: PythonReader | None = None, place: int = 0) -> Statement | None:
    """The one statement that a text is, without its contract; sizes such as 3x3 are names for Python."""
    found = _LABEL.match(text)
    assert found is not None
    code = _SIZE.sub(lambda size: "s" * len(size[0]), text[found.end() :].partition("->")[0])
    code = re.sub(r"[^\x00-\x7f]", "$", re.sub(r"[\r\f]", " ", code))  # a character is a byte, and a line ends in \n
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # Python's own, such as one of "a" is 3
            body = ast.parse(code.rstrip()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return Statement(text, body[0], found, names or PythonReader(Source("", "")), place) if len(body) == 1 else None


def _literal(name: str, text: str, value: object) -> Argument:
    is_written = isinstance(value, int | float) and _NUMBER.fullmatch(text)
    written = text if is_written else value if isinstance(value, str) else our_text(value)
    return Argument(name, written, value, sayable=isinstance(value, str | int | float | list | tuple | None))


def _unknown(name: str, arguments: Sequence[Argument]) -> Written:
    """A call of what no table has: a block, or nothing that is known here."""
    if name.startswith("self."):
        return _unsaid(name, f"a layer works where it is written: write it here, in place of `{name}`")
    found = meaning(name)
    sentence = SEVERAL.get(fold(name)) or (found.sentence if found is not None and not found.layer else "")
    if sentence or "." in name or not all(each.sayable for each in arguments):
        return _unsaid(name, sentence or f"no layer is called `{name}`: `cnndsl layers` lists them")
    texts = [f"{each.name}={each.text}" if each.name else each.text for each in arguments]
    return Written(name, (" ".join((name, *texts)),))


def _written(name: str, rows: Sequence[Row], arguments: Sequence[Argument]) -> Written:
    """A call in our words by rows, without the value that functions take."""
    made = call_in_our_words([each.without("input") for each in rows], arguments).replace(name=name)
    missing = " and ".join(f"`{each}`" for each in made.missing)
    return made.doubted(f"{missing} must be given" if missing else "")


def _quoted(label: str) -> str:
    return label if label.startswith('"') or (label.isidentifier() and label not in KEYWORDS) else f'"{label}"'
