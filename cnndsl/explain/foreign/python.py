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
from ...source import Source, Span
from ...syntax.tables import KEYWORDS
from .flow import LONGEST, Names
from .layers import TORCH_METHODS
from .lookup import call_in_our_words, rows_of, rows_of_method
from .names import FLOW, SEVERAL, fold
from .records import Argument, Row, Translation, Written
from .settings import near_choice, written_setting
from .statement import Statement, parsed
from .tool_names import CHOICES
from .words import meaning

__all__ = ["PythonReader"]

_JOINS: dict[object, str] = {
    **dict.fromkeys(("cat", "concat", "concatenate", "Concatenate"), "concat"),
    **dict.fromkeys(("add", "Add", ast.Add), "add"),
    **dict.fromkeys(("mul", "multiply", "Multiply", ast.Mult), "mul"),
}
_PACKAGES = frozenset(("nn", "F", "torch", "layers", "keras", "tf", "L", "np", "self", "functional", "activations"))
_LABEL = re.compile(r"(?:[A-Za-z0-9_-]|\{[^{}]*\})+")

_INSIDE = "what stands inside the parentheses is a layer of its own, on the line before"
_ANOTHER = "a layer works on the value before it; `from NAME` goes on from another one"
_COMMENT = "a comment inside of the call has no place in the line: put it on a line of its own"
_EMPTY = "layers stand one behind the other: a `seq { ... }` around them gives them a name"


class PythonReader:
    """Reads statements of one text."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.names = Names(source.text)

    def translate(self, span: Span) -> Translation | None:
        """A statement, with its label and contract, in our words; None if it is nothing that a layer is made by."""
        return (self._setting(span) or self._layers(span)) if span.end - span.start < LONGEST else None

    def _setting(self, span: Span) -> Translation | None:
        """A line of training."""
        text = span.text.partition("#")[0].rstrip()
        made = written_setting(text)
        if made is None:
            return None
        edit = Edit(Span(self.source, span.start, span.start + len(text)), made.text)
        return Translation(made.name, made.text, made.certain, made.reasons, (), (edit,))

    def _layers(self, span: Span) -> Translation | None:
        """A statement of a network."""
        statement = parsed(span.text)
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


def _unsaid(name: str, doubt: str) -> Written:
    return Written(name, doubts=(doubt,), whole=False)


class _Translator:
    """Puts one statement into our words."""

    def __init__(self, parsed: Statement, names: Names, place: int) -> None:
        self.parsed = parsed
        self.names = names
        self.place = place

    def statement(self) -> Written | None:
        """The whole statement; None if it makes no value."""
        target, label = "", self.parsed.label
        match self.parsed.node:
            case ast.AugAssign(target=ast.Name() as first, op=ast.Add() | ast.Mult() as operator, value=second):
                return self._join("", _JOINS[type(operator)], [first, second])
            case ast.Expr(value=value):
                pass
            case ast.AnnAssign(target=ast.Name(id=label), annotation=value, value=None):
                pass
            case ast.AnnAssign(target=named, value=ast.expr() as value):
                target = self.parsed.text(named)
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as named], value=value):
                target = self.parsed.text(named)
            case _:
                return None
        made = self._expression(value)
        return self._labelled(made, target, label) if made is not None and made.layers else made

    def _expression(self, node: ast.expr) -> Written | None:
        match node:
            case ast.Call():
                return self._call(node)
            case ast.BinOp(op=ast.Add() | ast.Mult(), left=left) if self._is_value(left):
                return self._value(node)
            case ast.BinOp(op=ast.BitOr()) | ast.Tuple():
                parts = [self._expression(item) for item in _parted(node)]
                made = [part for part in parts if part is not None]
                return made[-1].after(*made[:-1]) if made and len(made) == len(parts) else None
            case ast.Name(id=word) if word not in FLOW and isinstance(self.parsed.node, ast.Expr):
                return Written(word, (word,)) if node is not self.parsed.node.value else None
            case ast.List(elts=[ast.Call(), *_] as items):
                return self._sequence("[...]", node, items).doubted("a list runs nothing in Python, `seq` its layers")
        return None

    # Names

    def _labelled(self, made: Written, target: str, label: str) -> Written:
        """The layers with their label. A name that is used again is that of the last: its value has passed them all."""
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
            case ast.Name(id=name):
                return name in FLOW or self.names.is_bound(name, self.place)
            case ast.Attribute(value=ast.Name(id=owner)):
                return owner not in _PACKAGES
            case ast.BinOp(left=left, right=right):
                return self._is_value(left) or self._is_value(right)
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
            case ast.BinOp(op=ast.Add() | ast.Mult() as operator, left=left, right=right):
                return self._join("", _JOINS[type(operator)], [left, right])
        return _unsaid(self.parsed.text(node), _INSIDE)

    # Calls

    def _call(self, node: ast.Call) -> Written:
        function, values = node.func, node.args
        name = self.parsed.text(function)
        last = name.rpartition(".")[2]
        if fold(last) == "sequential":
            return self._sequence(name, node, _items(node))
        if last in ("add", "append") and len(values) == 1 and isinstance(values[0], ast.Call):
            return self._call(values[0])
        if last in ("add_module", "register_module", "setattr") and len(values) > 1:
            return self._element(ast.Tuple(values[-2:]))
        if isinstance(function, ast.Call) and values:  # Layer(...)(x)
            made = self._called(function, values)
        elif last in _JOINS:
            made = self._joined(name, node, values)
        elif isinstance(function, ast.Attribute) and self._has_methods(function.value):
            made = self._method(node, function)
        else:
            made = self._layer(node, name)
        return made.doubted(_COMMENT if self.parsed.has_comment(node) else "")

    def _called(self, maker: ast.Call, values: Sequence[ast.expr]) -> Written:
        name = self.parsed.text(maker.func)
        if name.rpartition(".")[2] in _JOINS:
            return self._joined(name, maker, values)
        made = self._call(maker)
        return made.after(self._value(values[0])) if made.layers else made

    def _has_methods(self, node: ast.expr) -> bool:
        return not isinstance(node, ast.Attribute) and self._is_value(node)

    def _layer(self, node: ast.Call, name: str) -> Written:
        arguments = self.parsed.arguments(node)
        if fold(name) in ("input", "inputlayer"):
            return _input(name, arguments)
        takes_value = bool(node.args) and self._is_value(node.args[0])
        rows, doubt = rows_of(name, takes_value=takes_value)
        if not rows:
            return self._unknown(name, arguments)
        takes_value &= rows[0].is_function or not rows[0].tool or name.startswith("L.")
        made = _written(name, rows, arguments[takes_value:]).doubted(doubt)
        return made.after(self._value(node.args[0])) if takes_value else made

    def _method(self, node: ast.Call, function: ast.Attribute) -> Written:
        """``x.view(-1, 400)``, ``x.flatten(1)``, ``x.relu()``."""
        rows, arguments = rows_of_method(function.attr), self.parsed.arguments(node)
        if not rows:
            sentence = SEVERAL.get(fold(function.attr), f"nothing here is like `{function.attr}` of a value")
            return _unsaid(self.parsed.text(function), sentence)
        if function.attr in TORCH_METHODS and len(node.args) > 1:
            values = [each.value for each in arguments if not each.name]
            arguments = [Argument("", "", values), *arguments[len(values) :]]
        return _written(self.parsed.text(function), rows, arguments).after(self._value(function.value))

    def _unknown(self, name: str, arguments: Sequence[Argument]) -> Written:
        """A call of what no table has: a block, or nothing that is known here."""
        if name.startswith("self."):
            return _unsaid(name, f"a layer works where it is written: write it here, in place of `{name}`")
        found = meaning(name)
        sentence = SEVERAL.get(fold(name)) or (found.sentence if found is not None and not found.layer else "")
        sentence = sentence or next((near[1] for setting in CHOICES if (near := near_choice(setting, name))), "")
        if sentence or "." in name or not all(each.sayable for each in arguments):
            return _unsaid(name, sentence or f"no layer is called `{name}`: `cnndsl layers` lists them")
        texts = [f"{each.name}={each.text}" if each.name else each.text for each in arguments]
        return Written(name, (" ".join((name, *texts)),))

    # Containers and joins

    def _sequence(self, name: str, node: ast.expr, items: Sequence[ast.expr]) -> Written:
        """``nn.Sequential(...)`` and ``keras.Sequential([...])``: braces around the layers, on the lines that they have."""
        if not items:
            return _unsaid(name, _EMPTY)
        parts = [self._element(item) for item in items]
        code, (start, end), spans = self.parsed.code, self.parsed.span(node), [self.parsed.span(item) for item in items]
        text = "seq {" + _gap(re.split(r"[(\[]", code[start : spans[0][0]])[-1], " ")
        for part, (_, before), (after, _) in zip(parts, spans, [*spans[1:], (end, end)], strict=True):
            text += part.line + (_gap(code[before:after], " | ") if after < end else "")
        text += _gap(re.sub(r"[\])][\])\s]*$", "", code[spans[-1][1] : end]), " ") + "}"
        return Written(name, (text,)).after(*(part.replace(layers=()) for part in parts))

    def _element(self, node: ast.expr) -> Written:
        """A layer of a sequence, or its name and itself."""
        match node:
            case ast.Call():
                return self._labelled(made, "", "") if (made := self._call(node)).layers else made
            case ast.Tuple(elts=[ast.Constant() | ast.JoinedStr() as label, ast.Call() as call]):
                made = self._call(call)
                return self._labelled(made, "", self.parsed.argument(label).text) if made.layers else made
        return _unsaid("", "each layer of a `seq` is a call of its own")

    def _joined(self, name: str, node: ast.Call, values: Sequence[ast.expr]) -> Written:
        """``torch.cat([x, skip], 1)`` and ``Add()([x, skip])``, with what else they are given."""
        operands = values[0].elts if values and isinstance(values[0], ast.List | ast.Tuple) else values
        arguments = self.parsed.arguments(node)[
            0 if values is not node.args else len(values) if operands is values else 1 :
        ]
        rows, doubt = rows_of(name)
        kept = [each.without("tensors", "inputs", "input", "other") for each in rows]
        made = (
            _written(name, kept, arguments).doubted(doubt)
            if kept
            else Written(name, (_JOINS[name.rpartition(".")[2]],))
        )
        word, *rest = made.line.split()
        return self._join(name, word, operands, made, rest)

    def _join(
        self, name: str, word: str, nodes: Sequence[ast.expr], made: Written | None = None, rest: Sequence[str] = ()
    ) -> Written:
        """``x + skip``: the value that flows is not named, and stands first where the order matters."""
        texts = [self.parsed.text(node).rpartition(".")[2] for node in nodes]
        flowing = [
            index
            for index, (node, text) in enumerate(zip(nodes, texts, strict=True))
            if not isinstance(node, ast.Name | ast.Attribute) or self.names.flows(text, self.place)
        ]
        first = flowing[0] if flowing else 0
        others = texts[:first] + texts[first + 1 :]
        if not others or len(flowing) > 1 or (word == "concat" and first) or not all(map(str.isidentifier, others)):
            return _unsaid(name, f"`{word} skip` joins the value before it and the one labelled `skip`")
        joined = (made or Written(name)).replace(layers=(" ".join((word, *others, *rest)),))
        return joined.after(self._value(nodes[first]))


def _written(name: str, rows: Sequence[Row], arguments: Sequence[Argument]) -> Written:
    """A call in our words by rows, without the value that functions take."""
    made = call_in_our_words([each.without("input") for each in rows], arguments).replace(name=name)
    missing = " and ".join(f"`{each}`" for each in made.missing)
    return made.doubted(f"{missing} must be given" if missing else "")


def _input(name: str, arguments: Sequence[Argument]) -> Written:
    """``Input(shape=(28, 28, 1))`` of Keras, which has the channels last; ``input(1, 28, 28)``, which has not."""
    shape = next((each for each in arguments if each.name in ("shape", "input_shape", "")), Argument("", "", None))
    items = (
        shape.value if isinstance(shape.value, list | tuple) else [each.value for each in arguments if not each.name]
    )
    texts = ["?" if item is None else str(item) for item in items if item is None or isinstance(item, int)]
    if not texts or len(texts) != len(items):
        return _unsaid(name, "`input 3x32x32` says the shape, channels first")
    if name == "input" and not shape.name:
        return Written(name, (f"input {'x'.join(texts)}",))
    looks_first = len(texts) == 3 and texts[0] in "1234" and texts[2] not in "1234"
    made = Written(name, (f"input {'x'.join((texts[-1], *texts[:-1]))}",))
    return made.doubted("Keras has the channels last, here they come first" if looks_first else "")


def _items(node: ast.Call) -> list[ast.expr]:
    """The layers of a sequence, which may stand in a list, and may have names."""
    match node.args:
        case [ast.List(elts=items) | ast.Tuple(elts=items) | ast.Call(args=[ast.List(elts=items)])]:
            return items  # also of OrderedDict([...])
    return node.args


def _parted(node: ast.expr) -> Iterator[ast.expr]:
    """Layers behind each other: ``nn.ReLU(), nn.Flatten()`` and those parted by ``|``."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        yield from (*_parted(node.left), node.right)
    else:
        yield from node.elts if isinstance(node, ast.Tuple) else [node]


def _written_label(label: str) -> str:
    return label if label.startswith('"') or (label.isidentifier() and label not in KEYWORDS) else f'"{label}"'


def _gap(text: str, otherwise: str) -> str:
    """What stands between layers, without its comma: line ends and comments stay."""
    gap = re.sub(r"^\s*,", "", text)
    return gap if "\n" in gap else otherwise
