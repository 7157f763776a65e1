"""Statements of Python put into our words: calls of layers as PyTorch, Keras and Caffe have them, and what is done with them.

Python's own parser reads them: ``self.conv1 = nn.Conv2d(3, 64, 3)``, ``x = F.relu(F.max_pool2d(x, 2))``, ``x = x + skip``,
``keras.Sequential([...])``. What the names in them stand for follows from the text before: ``x`` is the value that flows from
layer to layer if the statement before made it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence

from ...diagnostics import Edit
from ...record import Record
from ...source import Source, Span
from ...syntax.tables import KEYWORDS
from .calls import Argument, Row, Translation
from .flow import LONGEST, Names
from .layers import TORCH_FUNCTIONS
from .lookup import call_in_our_words, rows_of
from .methods import input_shape, joined_along, method
from .names import FLOW, SEVERAL, fold
from .statement import Statement, parsed
from .words import meaning

__all__ = ["PythonReader"]

_JOINS = {
    **dict.fromkeys(("cat", "concat", "concatenate", "Concatenate"), "concat"),
    **dict.fromkeys(("add", "Add"), "add"),
    **dict.fromkeys(("mul", "multiply", "Multiply"), "mul"),
}
_WORDS = {ast.Add: "add", ast.Mult: "mul"}
_PACKAGES = frozenset(("nn", "F", "torch", "layers", "keras", "tf", "L", "np", "self", "functional", "activations"))
_LABEL = re.compile(r"[A-Za-z_{][\w{} +*/-]*")

_INSIDE = "what stands inside the parentheses is a layer of its own, on the line before"
_ANOTHER = "a layer works on the value before it; `from NAME` goes on from another one"
_COMMENT = "a comment inside of the call has no place in the line: put it on a line of its own"


class PythonReader:
    """Reads statements of one text."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.names = Names(source.text)

    def translate(self, span: Span) -> Translation | None:
        """A statement, with its label and contract, in our words; None if it is nothing that a layer is made by."""
        statement = parsed(span.text) if span.end - span.start < LONGEST else None
        if statement is None:
            return None
        try:
            made = _Translator(statement, self.names, span.start).statement()
        except RecursionError:
            return None
        if made is None:
            return None
        line = made.line if made.whole else ""
        place = Span(self.source, span.start + statement.begin, span.start + statement.end)
        edits = (Edit(place, line),) if line else ()
        shown = "seq { ... }" if "\n" in line else made.line if made.whole or "=..." in made.line else ""
        return Translation(made.name, shown, bool(edits) and not made.doubts, made.doubts, made.notes, edits)


class Made(Record):
    """What a part of a statement becomes. It is ``whole`` unless more has to be said than the layers do."""

    name: str
    layers: tuple[str, ...] = ()
    label: str = ""
    doubts: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    whole: bool = True

    @property
    def line(self) -> str:
        return " | ".join(self.layers)

    def after(self, value: Made) -> Made:
        """This, working on another value."""
        doubts = tuple(dict.fromkeys((*value.doubts, *self.doubts)))
        whole = self.whole and value.whole
        return self.replace(
            layers=value.layers + self.layers, doubts=doubts, notes=value.notes + self.notes, whole=whole
        )

    def doubted(self, doubt: str) -> Made:
        return self.replace(doubts=(*self.doubts, doubt)) if doubt else self


def _unsaid(name: str, doubt: str) -> Made:
    return Made(name, doubts=(doubt,), whole=False)


class _Translator:
    """Puts one statement into our words."""

    def __init__(self, statement: Statement, names: Names, place: int) -> None:
        self.parsed = statement
        self.names = names
        self.place = place

    def statement(self) -> Made | None:
        """The whole statement; None if it makes no value."""
        match self.parsed.node:
            case ast.Expr(value=value):
                return self._labelled(self._expression(value), "", self.parsed.label)
            case ast.AnnAssign(target=ast.Name(id=label), annotation=value, value=None):
                return self._labelled(self._expression(value), "", label)
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as target], value=value):
                return self._labelled(self._expression(value), self.parsed.text(target), "")
            case ast.AnnAssign(target=ast.Name() | ast.Attribute() as target, value=ast.expr() as value):
                return self._labelled(self._expression(value), self.parsed.text(target), "")
            case ast.AugAssign(target=ast.Name() as target, op=ast.Add() | ast.Mult() as operator, value=value):
                return self._join(_WORDS[type(operator)], _WORDS[type(operator)], [target, value])
        return None

    def _expression(self, node: ast.expr) -> Made | None:
        match node:
            case ast.Call():
                return self._call(node)
            case ast.BinOp(op=ast.BitOr()):
                return self._several([*_piped(node)])
            case ast.Tuple(elts=items):
                return self._several(items)
            case ast.List(elts=[ast.Call(), *_] as items):
                return self._sequence("[...]", node, items).doubted(
                    "a list runs nothing in Python, `seq` runs its layers"
                )
            case ast.BinOp(op=ast.Add() | ast.Mult() as operator, left=left, right=right):
                word = _WORDS[type(operator)]
                return self._join(word, word, [left, right]) if self._is_value(left) else None
        return None

    def _several(self, nodes: Sequence[ast.expr]) -> Made | None:
        """Layers behind each other: ``nn.ReLU(), nn.Flatten()`` and those parted by ``|``."""
        made = Made("")
        for node in nodes:
            part = self._call(node) if isinstance(node, ast.Call) else None
            if isinstance(node, ast.Name):
                part = Made(node.id, (node.id,))
            if part is None:
                return None
            made = part.after(made)
        return made

    # Names

    def _labelled(self, made: Made | None, target: str, label: str) -> Made | None:
        """The layers with their label. A name that is used again is that of the last: its value has passed them all."""
        if made is None or not made.layers:
            return made
        name = target.rpartition(".")[2]
        is_used = not target.startswith("self.") and self.names.is_used(name)
        first = label or made.label
        last = name if self.names.is_label(name) and not made.line.startswith("input ") else ""
        if first and not _LABEL.fullmatch(first.strip('"')):
            return made.doubted(f"`{first}` is no label: a label has letters, digits, `_` and `-`")
        if first and last and is_used and len(made.layers) == 1:
            return made.doubted(f"a layer has one label: `{first}` or `{last}`")
        texts = list(made.layers)
        begin = 1 if texts[0].startswith("from ") and len(texts) > 1 else 0
        if first:
            texts[begin] = f"{_written_label(first)}: {texts[begin]}"
        if last and (is_used or not first):
            index = -1 if is_used else begin
            texts[index] = f"{_written_label(last)}: {texts[index]}"
        return made.replace(layers=tuple(texts))

    def _is_value(self, node: ast.expr) -> bool:
        """Whether an expression is a value that layers work on, and not a number."""
        match node:
            case ast.Call():
                return True
            case ast.Name(id=name):
                return name in FLOW or self.names.is_bound(name, self.place)
            case ast.Attribute(value=ast.Name(id=owner)):
                return owner not in _PACKAGES
            case ast.BinOp(left=left, right=right):
                return self._is_value(left) or self._is_value(right)
        return False

    def _has_methods(self, node: ast.expr) -> bool:
        return not isinstance(node, ast.Attribute) and self._is_value(node)

    def _value(self, node: ast.expr) -> Made:
        """What works on a value comes after the layers that make it: none if it is the value before."""
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                if self.names.flows(name, self.place):
                    return Made(name)
                is_label = self.names.is_label(name) and self.names.is_bound(name, self.place)
                return Made(name, (f"from {name}",)) if is_label else _unsaid(name, _ANOTHER).replace(whole=True)
            case ast.Call():
                return self._call(node)
            case ast.BinOp(op=ast.Add() | ast.Mult() as operator, left=left, right=right):
                return self._join(_WORDS[type(operator)], _WORDS[type(operator)], [left, right])
        return _unsaid(self.parsed.text(node), _INSIDE)

    # Calls

    def _call(self, node: ast.Call) -> Made:
        name = self.parsed.text(node.func)
        _, _, last = name.rpartition(".")
        values = node.args
        if isinstance(node.func, ast.Call):
            return self._called(node.func, values)
        if fold(last) == "sequential":
            return self._sequence(name, node, _items(node))
        if last in ("add", "append") and len(values) == 1 and isinstance(values[0], ast.Call):
            return self._call(values[0])
        if last in ("add_module", "register_module", "setattr") and values and isinstance(values[-1], ast.Call):
            named = self.parsed.argument("", values[-2]) if len(values) > 1 else Argument("", "")
            return self._call(values[-1]).replace(label=named.text)
        made = self._simple(node, name, last)
        return made.doubted(_COMMENT) if self.parsed.has_comment(node) else made

    def _simple(self, node: ast.Call, name: str, last: str) -> Made:
        """A call without layers of its own inside, but for those of its value."""
        if fold(last) in ("input", "inputlayer"):
            line, doubt = input_shape(last, self._arguments(node))
            return Made(name, (line,)).doubted(doubt) if line else _unsaid(name, doubt)
        if last in _JOINS:
            operands = node.args[0].elts if node.args and isinstance(node.args[0], ast.List | ast.Tuple) else node.args
            return self._join(name, _JOINS[last], operands, self._arguments(node)[operands is not node.args :])
        if isinstance(node.func, ast.Attribute) and self._has_methods(node.func.value):
            return self._method(node, node.func, last)
        return self._layer(node, name)

    def _called(self, maker: ast.Call, values: Sequence[ast.expr]) -> Made:
        """``Layer(...)(x)`` and ``Concatenate()([x, skip])``."""
        name = self.parsed.text(maker.func)
        word = _JOINS.get(name.rpartition(".")[2])
        if word and values:
            operands = values[0].elts if isinstance(values[0], ast.List | ast.Tuple) else values
            return self._join(name, word, operands, self._arguments(maker))
        made = self._call(maker)
        return made.after(self._value(values[0])) if values else made

    def _layer(self, node: ast.Call, name: str) -> Made:
        arguments = self._arguments(node)
        first = node.args[0] if node.args else None
        takes_value = first is not None and self._is_value(first)
        rows, doubt = rows_of(name, takes_value=takes_value)
        if not rows:
            return self._unknown(name, arguments)
        if _is_function(rows[0]):
            rows = tuple(each.replace(parameters=each.parameters[1:]) for each in rows)
        elif rows[0].tool and not name.startswith("L."):
            takes_value = False
        if takes_value:
            arguments = arguments[1:]
        written = call_in_our_words(rows, arguments)
        made = Made(name, written.layers, written.label, written.reasons, written.notes, written.whole).doubted(doubt)
        return made.after(self._value(first)) if takes_value and first is not None else made

    def _arguments(self, node: ast.Call) -> list[Argument]:
        by_place = [self.parsed.argument("", each) for each in node.args]
        return by_place + [self.parsed.argument(each.arg or "**", each.value) for each in node.keywords]

    def _unknown(self, name: str, arguments: Sequence[Argument]) -> Made:
        """A call of what no table has: a block, or nothing that is known here."""
        if name.startswith("self."):
            return _unsaid(name, f"a layer works where it is written: write it here, in place of `{name}`")
        found = meaning(name)
        sentence = SEVERAL.get(fold(name)) or (found.sentence if found is not None and not found.layer else "")
        if sentence:
            return _unsaid(name, sentence)
        if "." in name or not all(each.sayable for each in arguments):
            return _unsaid(name, f"`{name}` is no layer that this language knows: `cnndsl layers` lists them")
        texts = [f"{each.name}={each.text}" if each.name else each.text for each in arguments]
        return Made(name, (" ".join((name, *texts)),))

    def _method(self, node: ast.Call, function: ast.Attribute, last: str) -> Made:
        """``x.view(-1, 400)``, ``x.flatten(1)``, ``x.relu()``."""
        name = self.parsed.text(function)
        if last in TORCH_FUNCTIONS and last != "flatten":
            rows, _ = rows_of(f"torch.{last}")
            written = call_in_our_words(
                [each.replace(parameters=each.parameters[1:]) for each in rows], self._arguments(node)
            )
            made = Made(name, written.layers, "", written.reasons, written.notes, written.whole)
        else:
            line, doubt = method(last, self._arguments(node))
            made = Made(name, (line,)).doubted(doubt) if line else _unsaid(name, doubt)
        return made.after(self._value(function.value))

    # Containers and joins

    def _sequence(self, name: str, node: ast.expr, items: Sequence[ast.expr]) -> Made:
        """``nn.Sequential(...)`` and ``keras.Sequential([...])``: braces around the layers, on the lines that they have."""
        if not items:
            return _unsaid(name, "layers stand one behind the other: a `seq { ... }` around them gives them a name")
        parts = [self._element(item) for item in items]
        spans = [self.parsed.span(item) for item in items]
        start, end = self.parsed.span(node)
        code = self.parsed.code
        text = "seq {" + _opening(code[start : spans[0][0]])
        for index, part in enumerate(parts):
            behind = code[spans[index][1] : spans[index + 1][0] if index + 1 < len(spans) else end]
            text += part.line + (_between(behind) if index + 1 < len(spans) else _closing(behind))
        doubts = tuple(dict.fromkeys(doubt for part in parts for doubt in part.doubts))
        notes = tuple(dict.fromkeys(note for part in parts for note in part.notes))
        return Made(name, (text,), "", doubts, notes, all(part.whole for part in parts))

    def _element(self, node: ast.expr) -> Made:
        """A layer of a sequence, or its name and itself."""
        match node:
            case ast.Call():
                made = self._call(node)
                return self._labelled(made, "", "") or made
            case ast.Tuple(elts=[ast.Constant(value=str(label)), ast.Call() as call]):
                made = self._call(call)
                return self._labelled(made, "", label) or made
        return _unsaid(self.parsed.text(node), "each layer of a `seq` is a call of its own")

    def _join(self, name: str, word: str, nodes: Sequence[ast.expr], arguments: Sequence[Argument] = ()) -> Made:
        """``torch.cat([x, skip], 1)``, ``Add()([x, skip])``, ``x + skip``: the value that flows is not named."""
        unsaid = _unsaid(name, f"`{word} skip` joins the value before it and the one labelled `skip`")
        texts = [self.parsed.text(node).rpartition(".")[2] for node in nodes]
        values = [node for node in nodes if not isinstance(node, ast.Name | ast.Attribute)]
        flowing = [
            index for index, text in enumerate(texts) if nodes[index] in values or self.names.flows(text, self.place)
        ]
        axis, doubt = joined_along(name, word, arguments)
        if len(nodes) < 2 or len(flowing) > 1 or (word == "concat" and flowing not in ([], [0])):
            return unsaid
        first = flowing[0] if flowing else 0
        others = texts[:first] + texts[first + 1 :]
        if not all(map(str.isidentifier, others)):
            return unsaid
        made = Made(name, (" ".join((word, *others, *axis)),)).doubted(doubt)
        return made.after(self._value(nodes[first]))


def _is_function(row: Row) -> bool:
    return bool(row.parameters) and row.parameters[0].names[0] == "input"


def _items(node: ast.Call) -> list[ast.expr]:
    """The layers of a sequence, which may stand in a list, and may have names."""
    match node.args:
        case [ast.List(elts=items) | ast.Tuple(elts=items)]:
            return items
        case [ast.Call(args=[ast.List(elts=items)])]:
            return items  # OrderedDict([...])
    return node.args


def _piped(node: ast.expr) -> Iterator[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from _piped(node.left)
        yield node.right
    else:
        yield node


def _written_label(label: str) -> str:
    return label if label.startswith('"') or (label.isidentifier() and label not in KEYWORDS) else f'"{label}"'


# What stands between the layers of a sequence: line ends and comments stay


def _opening(text: str) -> str:
    gap = re.split(r"[(\[]", text)[-1]
    return gap if "\n" in gap else " "


def _between(text: str) -> str:
    gap = re.sub(r"^\s*,", "", text)
    return gap if "\n" in gap else " | "


def _closing(text: str) -> str:
    gap = re.sub(r"[\])][\])\s]*$", "", re.sub(r"^\s*,", "", text))
    return (gap if "\n" in gap else " ") + "}"
