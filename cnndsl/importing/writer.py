"""The text of a spec from a trace that is arranged: labels, braces, and a line for each group of layers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import count

from ..ops import OPERATORS
from ..syntax.tables import KEYWORDS
from .regions import Group, Item, Join, Side, arrange, has_parameters
from .trace import Step

__all__ = ["write_body"]

_WIDTH = 96
_GOES_ON = frozenset(("bn", "group_norm", "layer_norm", "instance_norm", "lrn", "dropout", "dropout2d", "identity"))
_GENERIC = frozenset(("x", "y", "h", "z", "out", "output", "input", "inputs", "result", "net", "features", "identity"))
_INDENT = "    "

Shapes = Callable[[Step], tuple[int, ...] | None]


def write_body(steps: list[Step], shape_of: Shapes) -> list[str]:
    """The lines of a network's body after its ``input``; the first of the steps is the input."""
    first, *others = steps
    items = arrange(others, first)
    names = _Names(others)
    _Flow(names).items(items, first, ())
    writer = _Writer(names, shape_of)
    place = _Place((), 0)
    if name := names.at(first, 0):
        writer.line(place, f"{name}: identity")
        place.count += 1
    writer.items(items, first, place)
    return writer.lines


def _is_name(label: str) -> bool:
    return bool(re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", label)) and label not in KEYWORDS


def _clean(label: str) -> str:
    """A label with what a label may have."""
    return re.sub(r"[^A-Za-z0-9_-]", "_", label)


class _Names:
    """The labels that values are called by where others read them, and those that parameters need.

    A value that leaves braces has a label at each level at which it is read: 0 is the body of the network.
    """

    def __init__(self, steps: Sequence[Step]) -> None:
        self._known: dict[tuple[Step, int], str] = {}
        groups = {name for step in steps for name in step.path}
        self._used = {step.label for step in steps if step.label and has_parameters(step)} | groups

    def need(self, step: Step, path: tuple[str, ...]) -> None:
        """A value is read by name from a scope."""
        level = _level(step, path)
        if (step, level) not in self._known:
            self._known[step, level] = self._label(step, level)

    def name(self, step: Step, path: tuple[str, ...]) -> str:
        """What a value is called in a scope."""
        return self._known[step, _level(step, path)]

    def at(self, step: Step, level: int) -> str | None:
        """The label that a value has at a level, if it is read there."""
        return self._known.get((step, level))

    def _label(self, step: Step, level: int) -> str:
        if len(step.path) > level and _is_name(step.path[level]):
            return step.path[level]  # the braces around it have this label
        own = _clean(step.label)
        if level == len(step.path) and _is_name(own) and has_parameters(step) and len(step.layers) == 1:
            return own
        return self._new(step)

    def _new(self, step: Step) -> str:
        hint = next((each for each in (step.hint, step.label) if _is_name(each) and each not in _GENERIC), "")
        base = hint or ("image" if not step.inputs else step.layers[-1].split()[0] if step.layers else "value")
        if base in OPERATORS or base in self._used:
            numbers = (f"{base}{'_' if base[-1].isdigit() else ''}{number}" for number in count(1))
            base = next(name for name in numbers if name not in self._used)
        self._used.add(base)
        return base


def _level(step: Step, path: tuple[str, ...]) -> int:
    """The level at which a scope sees a value: that of the innermost braces around both."""
    pairs = enumerate(zip(step.path, path, strict=False))
    return next((level for level, (own, other) in pairs if own != other), min(len(step.path), len(path)))


class _Flow:
    """Finds the values that are read out of turn."""

    def __init__(self, names: _Names) -> None:
        self.names = names

    def items(self, items: Sequence[Item], current: Step, path: tuple[str, ...]) -> Step:
        """Go through items; the value after them."""
        for item in items:
            if isinstance(item, Group):
                self.items(item.items, current, (*path, item.name))
            elif isinstance(item, Join):
                for branch in item.branches:
                    self.items(branch, current, path)
            elif isinstance(item, Side):
                if item.output is not current:
                    self.names.need(item.output, path)
                self.items(item.items, item.output, path)
            else:
                self._leaf(item.step, current, path)
            current = item.output
        return current

    def _leaf(self, step: Step, current: Step, path: tuple[str, ...]) -> None:
        for value in _others(step, current):
            self.names.need(value, path)


def _others(step: Step, current: Step) -> list[Step]:
    """The values that a step reads besides the current one."""
    if step.is_join and (step.word != "concat" or step.inputs[0] is current) and current in step.inputs:
        place = step.inputs.index(current)
        return [*step.inputs[:place], *step.inputs[place + 1 :]]
    return list(step.inputs) if step.is_join else [value for value in step.inputs if value is not current]


class _Place:
    """Where lines are written: the scope, how deep in braces, and how many layers are before in the scope."""

    def __init__(self, path: tuple[str, ...], depth: int) -> None:
        self.path = path
        self.depth = depth
        self.count = 0

    @property
    def level(self) -> int:
        return len(self.path)


class _Writer:
    """Writes items as lines."""

    def __init__(self, names: _Names, shape_of: Shapes) -> None:
        self.names = names
        self.shape_of = shape_of
        self.lines: list[str] = []
        self._goes_on = False
        """Whether the last line may go on."""

    def line(self, place: _Place, text: str) -> None:
        """Begin a line."""
        self.lines.append(f"{_INDENT * place.depth}{text}")
        self._goes_on = False

    def items(self, items: Sequence[Item], current: Step, place: _Place) -> None:
        """Write items, one after another."""
        for item in items:
            if isinstance(item, Group):
                self._group(item, current, place)
            elif isinstance(item, Join):
                self._join(item, current, place)
            elif isinstance(item, Side):
                self._side(item, current, place)
            else:
                self._leaf(item.step, current, place)
            current = item.output
        self._goes_on = False

    def braces(self, opening: str, items: Sequence[Item], current: Step, place: _Place, closing: str = "}") -> None:
        """Items in braces, on one line if they are one line and short."""
        self.line(place, f"{opening} {{")
        start = len(self.lines)
        place.depth += 1
        self.items(items, current, place)
        place.depth -= 1
        inner = [line.strip() for line in self.lines[start:]]
        if closing == "}" and len(inner) == 1 and len(opening) + len(inner[0]) < _WIDTH and inner[0][0] != "#":
            text, arrow, shape = inner[0].partition(" -> ")
            self.lines[start - 1 :] = [f"{_INDENT * place.depth}{opening} {{ {text} }}{arrow}{shape}"]
        else:
            self.line(place, closing)
        self._goes_on = False

    def _group(self, item: Group, current: Step, place: _Place) -> None:
        label = "" if item.name == str(place.count) else f"{_quoted(item.name)}: "
        self.braces(f"{label}seq", item.items, current, _Place((*place.path, item.name), place.depth))
        place.count += 1
        self._named_after(item.output, place, item.name)

    def _named_after(self, step: Step, place: _Place, label: str = "") -> None:
        """A value that has to have a name and could get none where it was made."""
        name = self.names.at(step, place.level)
        if name is not None and name != label:
            self.line(place, f"{name}: identity")
            place.count += 1

    def _join(self, item: Join, current: Step, place: _Place) -> None:
        step = item.step
        if step.word == "add" and len(item.branches) == 2:
            self._residual(item, current, place)
        else:
            self.line(place, f"{step.layers[0]} {{")
            place.depth += 1
            for branch in item.branches:
                self._branch(branch, current, place)
            place.depth -= 1
            self.line(place, "}")
        self._add_contract(step, current)
        for layer in step.layers[1:]:
            self._piece(layer, place)
        self._named_after(step, place)

    def _branch(self, branch: list[Item], current: Step, place: _Place) -> None:
        if branch:
            self.braces("branch", branch, current, place)
            return
        self.line(place, "branch { identity }")
        place.count += 1

    def _residual(self, item: Join, current: Step, place: _Place) -> None:
        body, past = sorted(item.branches, key=lambda branch: -sum(len(each.steps) for each in branch))
        self.braces("residual", body, current, place, "} shortcut {" if past else "}")
        if past:
            self.lines.pop()
            self.braces("} shortcut", past, current, place)

    def _side(self, item: Side, current: Step, place: _Place) -> None:
        """A side output."""
        if item.output is not current:
            self.line(place, f"from {self.names.name(item.output, place.path)}")
        inner = _Place((*place.path, str(place.count)), place.depth)
        self.braces("head weight=1", item.items, item.output, inner)
        place.count += 1

    # Single steps

    def _leaf(self, step: Step, current: Step, place: _Place) -> None:
        if not step.layers:
            self._remark(step, place)
            return
        others = _others(step, current)
        if step.is_join:
            self._by_name(step, others, place)
        else:
            if others:
                self.line(place, f"from {self.names.name(others[0], place.path)}")
            self._layers(step, place)
        self._add_contract(step, current)

    def _remark(self, step: Step, place: _Place) -> None:
        line = step.span.position[0] if step.span is not None else 0
        self.line(place, f"# not imported, line {line}: {step.remark[:_WIDTH]}")
        self._named_after(step, place)

    def _by_name(self, step: Step, others: list[Step], place: _Place) -> None:
        """``concat skip``: a join with values that have names."""
        names = [self.names.name(value, place.path) for value in others]
        if len(others) == len(step.inputs):
            self.line(place, f"from {names.pop(0)}")
        word, *rest = step.layers[0].split(" ", 1)
        name = self.names.at(step, place.level)
        texts = [" ".join((word, *names, *rest)), *step.layers[1:]]
        if name:
            texts[-1] = f"{name}: {texts[-1]}"
        self.line(place, texts[0])
        for layer in texts[1:]:
            self._piece(layer, place)

    def _layers(self, step: Step, place: _Place) -> None:
        label = _clean(step.label) if has_parameters(step) else ""
        name = self.names.at(step, place.level)
        marks = ["" if label in ("", str(place.count)) else f"{_quoted(label)}: ", *[""] * (len(step.layers) - 1)]
        is_named = name is None or name == label
        if not is_named and (not label or len(marks) > 1):
            marks[-1], is_named = f"{name}: ", True
        for mark, layer in zip(marks, step.layers, strict=True):
            self._piece(f"{mark}{layer}", place)
        if not is_named:
            self._piece(f"{name}: identity", place)

    def _piece(self, text: str, place: _Place) -> None:
        """A layer, on the line before if it belongs to what is there."""
        place.count += 1
        word = text.rpartition(": ")[2].split()[0]
        belongs = word in _GOES_ON or getattr(OPERATORS.get(word), "__module__", "").endswith(_ACTIVATIONS)
        if belongs and self._goes_on and len(self.lines[-1]) + len(text) < _WIDTH:
            before, arrow, shape = self.lines[-1].partition(" -> ")
            self.lines[-1] = f"{before} | {text}{arrow}{shape}"
        else:
            self.line(place, text)
        self._goes_on = True

    def _add_contract(self, step: Step, current: Step) -> None:
        """Assert the shape at the end of a line in which it changes."""
        shape = self.shape_of(step)
        if shape is not None and shape != self.shape_of(current):
            self.lines[-1] = f"{self.lines[-1].partition(' -> ')[0]} -> {'x'.join(map(str, shape))}"


_ACTIVATIONS = ("activation", "rectifiers", "smooth")


def _quoted(label: str) -> str:
    return label if _is_name(label) else f'"{_clean(label)}"'
