"""The ``forward`` of a class: one statement for each step that an expert would write as one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from ....ir import Value
from ....ops import Call, Function
from .constructor import Constructor, Optional
from .forms import FUNCTIONS, INPLACE, KEEPS_NO_OUTPUT, applied, joined
from .layout import Call as Written
from .layout import Piece, flat, lines
from .naming import fresh, is_name
from .tree import Item, Layer, Scope

__all__ = ["forward_lines"]

_LONGEST = 60
"""A step is written inside another up to this length."""

_TAKEN = frozenset(("F", "nn", "self", "torch"))
_JOINS = ("add", "mul", "cat")


def forward_lines(made: Constructor, heads: Sequence[Value] = ()) -> list[str]:
    """The lines of a ``forward`` that gives the outputs of a class and, in training alone, its heads."""
    return _Forward(made, heads).lines()


class _Forward:
    """``pieces`` are the values as they are written, ``names`` those with a name, ``left`` how often each is still read."""

    def __init__(self, made: Constructor, heads: Sequence[Value]) -> None:
        self.made = made
        self.scope = made.group[0]
        self.same = _identities(self.scope)
        self.heads = tuple(self._value(head) for head in heads)
        outputs = tuple(map(self._value, self.scope.outputs))
        self.outputs = outputs[:1] if heads else outputs
        main = self._needed(self.outputs)
        self.items = self._needed((*outputs, *self.heads))
        self.in_training = {item for item in self.items if item not in main}
        self.inputs = {item: tuple(map(self._value, item.inputs)) for item in self.items}
        self.makers = {value: item for item in self.items for value in item.outputs}
        self.reads = Counter(value for item in self.items for value in self.inputs[item])
        self.reads.update((*self.outputs, *self.heads))
        self.left = Counter(self.reads)
        self.names = {value: f"x{place + 1}" if place else "x" for place, value in enumerate(self.scope.inputs)}
        self.pieces: dict[Value, Piece] = dict(self.names)
        self.body: list[str] = []

    def lines(self) -> list[str]:
        result = "Tensor" if len(self.outputs) == 1 else f"tuple[{', '.join('Tensor' for _ in self.outputs)}]"
        result += " | tuple[Tensor, ...]" if self.heads else ""
        given = [f"{self.names[value]}: Tensor" for value in self.scope.inputs]
        head = lines(Written("def forward", ("self", *given)), 4, "", f" -> {result}:")
        for place, item in enumerate(self.items):
            self._step(place, item)
        if self.heads:
            self.body += ["        if self.training:", f"            return {self._all((*self.outputs, *self.heads))}"]
        if self.left[self.outputs[0]] > 0:
            self.body.append(f"        return {self._all(self.outputs)}")
        return [*head, *self.body]

    def _all(self, values: Sequence[Value]) -> str:
        return ", ".join(flat(self.pieces[value]) for value in values)

    def _value(self, value: Value) -> Value:
        """A value, or the one that it is after an identity."""
        return self.same.get(value, value)

    def _needed(self, wanted: Sequence[Value]) -> list[Item]:
        """The items that some values depend on, in order."""
        needed = set(wanted)
        found: list[Item] = []
        for item in reversed(self.scope.items):
            if not needed.isdisjoint(item.outputs):
                needed.update(map(self._value, item.inputs))
                found.append(item)
        return found[::-1]

    # Steps

    def _step(self, place: int, item: Item) -> None:
        piece = self._expression(item)
        self.left.subtract(self.inputs[item])
        in_training = item in self.in_training
        if in_training and (not place or self.items[place - 1] not in self.in_training):
            self.body.append("        if self.training:")
        following = self.items[place + 1] if place + 1 < len(self.items) else None
        if item in self.made.optional:
            self._assign_perhaps(item, piece, self.made.optional[item])
        elif following is None and not self.heads and item.outputs == self.outputs:
            self.body += lines(piece, 8, "return ")
            self.left.subtract(self.outputs)
        elif self._is_continued(item, piece, following):
            self.pieces[item.outputs[0]] = piece
        else:
            self._assign(item, piece, 12 if in_training else 8)

    def _is_continued(self, item: Item, piece: Piece, following: Item | None) -> bool:
        """Whether a step is written inside the one that follows, as in ``F.relu(self.bn1(self.conv1(x)))``."""
        if following is None or following in self.made.optional or not isinstance(piece, Written | str):
            return False
        if (following in self.in_training) != (item in self.in_training) or len(flat(piece)) > _LONGEST:
            return False
        if len(item.outputs) > 1 or self.reads[item.outputs[0]] > 1 or not isinstance(following, Layer):
            return False
        if following.calls[0].target in _JOINS:
            pair = {*self.inputs[item], *item.outputs}
            return isinstance(piece, Written) and len(self.inputs[following]) == 2 and pair == {*self.inputs[following]}
        is_start = isinstance(item, Layer) and (item.module is not None or item.calls[-1].target == "add")
        is_function = following.module is following.calls[0] or FUNCTIONS[following.calls[0].target][:1] not in (
            "",
            ".",
        )
        return is_start and is_function and self.inputs[following] == item.outputs

    def _assign_perhaps(self, item: Item, piece: Piece, optional: Optional) -> None:
        """A step that some uses lack: what it makes has the name of what stands there in its place."""
        value, instead = item.outputs[0], self._value(optional.value)
        name = self.names[instead]
        if self.left[instead] > 0:
            name = self._name(value, item)
            self.body.append(f"        {name} = {self.names[instead]}")
        self.body += [f"        if {optional.condition}:", *lines(piece, 12, f"{name} = ")]
        self.names[value] = self.pieces[value] = name

    def _assign(self, item: Item, piece: Piece, indent: int) -> None:
        for value in item.outputs:
            self.names[value] = self.pieces[value] = self._name(value, item)
        self.body += lines(piece, indent, f"{', '.join(self.names[value] for value in item.outputs)} = ")

    def _name(self, value: Value, item: Item) -> str:
        """A name for a value: its label where it meets others, else the first of x, y and z that is not needed."""
        alive = {name for other, name in self.names.items() if self.left[other] > 0} | _TAKEN
        alive.update(self.names[each] for each in item.outputs if each in self.names)
        readers = [each for each in self.items if value in self.inputs[each]]
        meets_others = isinstance(item, Scope) and any(len(self.inputs[each]) > 1 for each in readers)
        label = value.name or (item.leaf if meets_others or item in self.in_training or len(readers) > 2 else "")
        if is_name(label) and label not in alive:
            return label
        return next((name for name in ("x", "y", "z") if name not in alive), None) or fresh("z", alive)

    # Expressions

    def _expression(self, item: Item) -> Piece:
        values: list[Piece] = [self.pieces[value] for value in self.inputs[item]]
        if not isinstance(item, Layer):
            return Written(self.made.naming.access(item), tuple(values))
        for place, call in enumerate(item.calls):
            values = [self._call(item, place, call, values)]
        return values[0]

    def _call(self, item: Layer, place: int, call: Call, values: list[Piece]) -> Piece:
        if call is item.module:
            return Written(self.made.naming.access(item), tuple(values))
        written = self.made.in_forward[item, place]
        if isinstance(call, Function) and call.target in _JOINS:
            tensors = [self.made.naming.access(item, parameter=True) for _ in call.tensors]
            return joined(call, written, values, tensors)
        return applied(call, written, values, inplace=place == 0 and self._may_replace(item))

    def _may_replace(self, item: Layer) -> bool:
        """Whether an activation may take the place of its input, which nothing else needs."""
        (value, *_) = self.inputs[item]
        maker = self.makers.get(value)
        if item.calls[0].target not in INPLACE or not isinstance(maker, Layer) or maker in self.made.optional:
            return False
        return maker.calls[-1].target in KEEPS_NO_OUTPUT and self.reads[value] == 1


def _identities(scope: Scope) -> dict[Value, Value]:
    """What the outputs of identities are."""
    same: dict[Value, Value] = {}
    for item in scope.items:
        if isinstance(item, Layer) and all(FUNCTIONS.get(call.target) == "" for call in item.calls):
            same[item.outputs[0]] = same.get(item.inputs[0], item.inputs[0])
    return same
