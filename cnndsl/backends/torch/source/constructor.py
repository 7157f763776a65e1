"""The constructor of a class: its modules, with numbers that are expressions of its arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from ....ir import Value
from ....ops import Call, Constant, Function
from ....syntax import ast
from ....syntax.walk import walk
from .expressions import ANY, Environment, Expression, literal, plain, read, safe_name
from .forms import INPLACE, KEEPS_NO_OUTPUT, built, is_default
from .layout import Call as Written
from .layout import Named, Piece, Repeated, lines
from .naming import Naming, is_name
from .tree import Absent, Item, Layer, Scope
from .uses import argument, columns, counts, defaults, lacks, local_names, shown, summed, type_of, value_of, variables

__all__ = ["Constructor", "Optional"]

_CHANNELS = frozenset(("in_channels", "in_features", "num_features", "num_channels", "normalized_shape"))
_CHANGES = ("stride != 1 or in_channels != {}", "in_channels != {}", "stride == 1 and in_channels == {}")
_LIKE_CHANNELS = frozenset((*_CHANNELS, "out_channels", "groups"))


class Optional(NamedTuple):
    """A layer that some uses lack: the value that stands in its place, and what ``forward`` asks to know it."""

    value: Value
    condition: str


class Constructor:
    """Writes the constructor of a class from all scopes that it stands for; ``class_of`` gives that of a scope inside."""

    def __init__(
        self, group: Sequence[Scope], class_of: Callable[[Scope], Constructor | None], form: str, name: str
    ) -> None:
        self.group = group
        self.class_of = class_of
        self.form = form
        self.name = name
        self.naming = Naming(group[0])
        is_root = not group[0].path
        self.defaults = dict(group[0].settings) if is_root else defaults(group[0].definition)
        known = [scope.settings if is_root else variables(scope) for scope in group]
        self.environment = Environment(known, local_names(group[0].definition), may_add=not is_root)
        self.channels: dict[Value, Expression | None] = {}
        self.in_forward: dict[tuple[Item, int], dict[str, str]] = {}
        """The arguments of the functions that ``forward`` calls."""
        self.optional: dict[Item, Optional] = {}
        if not is_root:
            self.channels[group[0].inputs[0]] = read("in_channels")
        self.body = self._sequential() if self.form == "sequential" else self._modules()

    # The signature

    def parameters(self) -> list[str]:
        """The arguments, those without a default first."""
        return sorted(self.environment.arguments(), key=lambda name: name in self.defaults)

    def signature(self) -> list[str]:
        """Each argument with its type and its default."""
        return [
            f"{safe_name(name)}: {type_of(self.environment.values(name))}"
            + (f" = {literal(self.defaults[name])}" if name in self.defaults else "")
            for name in self.parameters()
        ]

    @property
    def output(self) -> Expression | None:
        """The channels of what the class gives, in its arguments."""
        return self.channels.get(self.group[0].outputs[0]) if self.group[0].outputs else None

    # The body

    def _sequential(self) -> list[str]:
        (piece,) = [self._chain("super().__init__", self.group, self.group[0])]
        return [*self._locals(), *lines(piece, 8)]

    def _modules(self) -> list[str]:
        made: list[str] = []
        for items in columns(self.group):
            made += [*self._placed(items), *self._kept(items)]
            self._follow(items)
        return ["        super().__init__()", *self._locals(), *made]

    def _locals(self) -> list[str]:
        return [f"        {name} = {code}" for name, code in self.environment.locals()]

    def _placed(self, items: tuple[Item, ...]) -> list[str]:
        """The lines that give the class the module or the parameter of an item."""
        item = items[0]
        if isinstance(item, Layer) and item.owns_parameter:
            return self._parameter(items)
        if isinstance(item, Layer) and item.module is None:
            return []
        before, after = self.naming.assignment(item)
        if isinstance(item, Scope) and self.class_of(item) is None and lacks(self.group, item):
            return [*self._list(items), *lines("nn.Sequential(*layers)", 8, before, after)]
        piece = self._piece(items)
        flag = self._flag(items)
        if not flag:
            return lines(piece, 8, before, after)
        self._make_optional(items, f"{self.naming.access(item)} is not None")
        first = f"        {before}None{after}".replace(" =", ": nn.Module | None =")
        return [first, f"        if {flag}:", *lines(piece, 12, before, after)]

    def _list(self, items: tuple[Item, ...]) -> list[str]:
        """The lines that make a list of modules, some of which not every use has."""
        made = ["        layers: list[nn.Module] = []"]
        for inner in columns(items):
            flag, piece = self._flag(inner), self._piece(inner)
            self._follow(inner)
            made += [f"        if {flag}:"] if flag else []
            made += lines(Written("layers.append", (piece,)), 12 if flag else 8)
        return made

    def _flag(self, items: tuple[Item, ...]) -> str:
        """What says whether a use has an item; empty if all have it."""
        if not any(isinstance(item, Absent) for item in items):
            return ""
        there = [not isinstance(item, Absent) for item in items]
        item = items[0]
        name = item.leaf if is_name(item.leaf) else "residual" if len(item.inputs) > 1 else "more"
        return self.environment.write(there, *self._conditions(), name=safe_name(name))

    def _conditions(self) -> Iterable[Expression | None]:
        """What may tell whether a layer is there: the conditions in the block, and whether shapes change."""
        definition = self.group[0].definition
        for node in walk(definition.body) if definition is not None else ():
            if isinstance(node, ast.If):
                yield read(node.condition.span.text)
        for code in dict.fromkeys(each.code for each in self.channels.values() if each is not None):
            yield from (read(text.format(code)) for text in _CHANGES if code != "in_channels")

    def _make_optional(self, items: tuple[Item, ...], condition: str) -> None:
        absent = next(item for item in items if isinstance(item, Absent))
        self.optional[items[0]] = Optional(absent.value, condition)

    def _kept(self, items: tuple[Item, ...]) -> list[str]:
        """The lines that keep what the functions of a layer are given, where that is not the same in all uses."""
        kept: list[str] = []
        if isinstance(items[0], Layer) and items[0].module is None and any(isinstance(item, Absent) for item in items):
            attribute = "residual" if len(items[0].inputs) > 1 else f"has_{len(self.in_forward)}"
            kept.append(f"        self.{attribute} = {self._flag(items)}")
            self._make_optional(items, f"self.{attribute}")
        for place, call in enumerate(items[0].calls if isinstance(items[0], Layer) else ()):
            if call is items[0].module:  # type: ignore[union-attr]
                continue
            written = self._arguments(items, place)
            for name, code in written.items():
                if any(part in code for part in self.environment.used):
                    attribute = f"{name}_{len(self.in_forward)}"
                    kept.append(f"        self.{attribute} = {code}")
                    written[name] = f"self.{attribute}"
            self.in_forward[items[0], place] = written
        return kept

    def _parameter(self, items: tuple[Item, ...]) -> list[str]:
        specs = [next(iter(item.nodes[0].parameters.values())) if item.nodes else None for item in items]
        known = self.channels.get(items[0].inputs[0])
        channels = self.environment.write(
            [ANY if spec is None else spec.shape[0] for spec in specs], known, name="channels"
        )
        starts = [spec.initializer.value if spec and isinstance(spec.initializer, Constant) else ANY for spec in specs]
        value = self.environment.write(starts, self._written(items[0].nodes[0], "init"), name="init")
        shape = Written("", (channels, *("1" for _ in items[0].inputs[0].type.shape[1:])))
        full = Written("torch.full", (shape, _float(value)))
        before, after = self.naming.assignment(items[0], parameter=True)
        return lines(Written("nn.Parameter", (full,)), 8, before, after)

    # Modules

    def _piece(self, items: Sequence[Item], before: Item | None = None) -> Piece:
        """How the module of an item is made."""
        item = items[0]
        if isinstance(item, Scope):
            return self._scope(items, item)
        assert isinstance(item, Layer)
        place = 0 if item.module is None else item.calls.index(item.module)
        return self._module(items, item.calls[place], place, before)

    def _chain(self, head: str, scopes: Sequence[Item], base: Scope) -> Piece:
        """An ``nn.Sequential`` of the items of some scopes, which have the same ones."""
        pieces: list[Piece] = []
        before: Item | None = None
        for items in columns(scopes):
            pieces.append(self._piece(items, before))
            self._follow(items)
            before = items[0]
        if base.is_numbered:
            return Written(head, tuple(_repeated(pieces)))
        entries = (Named(literal(item.leaf), piece, ": ") for item, piece in zip(base.items, pieces, strict=True))
        return Written(head, (Written("OrderedDict", (Written("", tuple(entries), "{}"),)),))

    def _scope(self, scopes: Sequence[Item], base: Scope) -> Piece:
        made = self.class_of(base)
        if made is None:
            return self._chain("nn.Sequential", scopes, base)
        codes = {name: self._argument(made, scopes, base, name) for name in made.parameters()}
        if made.output is not None:
            self.channels[base.outputs[0]] = made.output.filled(
                {name: code or literal(made.defaults[name]) for name, code in codes.items()}
            )
        written: list[Piece] = [
            Named(safe_name(name), code) if name in made.defaults else code for name, code in codes.items() if code
        ]
        return Written(made.name, tuple(written))

    def _argument(self, made: Constructor, scopes: Sequence[Item], base: Scope, name: str) -> str:
        """What a class is given for an argument; empty if that is its default."""
        given = dict(zip(made.group, made.environment.values(name), strict=True))
        values = [given[scope] if isinstance(scope, Scope) else ANY for scope in scopes]
        if name in made.defaults and all(value is ANY or value == plain(made.defaults[name]) for value in values):
            return ""
        if name == "in_channels":
            return self.environment.write(values, self.channels.get(base.inputs[0]), name=name)
        return self.environment.write(values, argument(base, name), name=name)

    def _module(self, items: Sequence[Item], call: Call, place: int, before: Item | None) -> Piece:
        if isinstance(call, Function):
            return built(Call(f"layers.{call.target.title()}"), {"dims": literal(call.arguments["dims"])})
        inplace = call.target in INPLACE and isinstance(before, Layer) and before.calls[-1].target in KEEPS_NO_OUTPUT
        return built(call, self._arguments(items, place), inplace=inplace)

    def _arguments(self, items: Sequence[Item], place: int) -> dict[str, str]:
        """The arguments of one call of a layer, as they are written; defaults are left out."""
        written: dict[str, str] = {}
        calls = [item.calls[place] if isinstance(item, Layer) else None for item in items]
        for name in calls[0].arguments if calls[0] else ():
            if all(call is None or is_default(call, name) for call in calls):
                continue
            values = [shown(call.arguments[name], name) if call else ANY for call in calls]
            channels = self.channels.get(items[0].inputs[0]) if name in _LIKE_CHANNELS else None
            code = self._written(items[0].nodes[0], name)
            written[name] = self.environment.write(
                values, channels if name in _CHANNELS else code, code or channels, name=name
            )
        return written

    def _written(self, node: Any, name: str) -> Expression | None:
        """What a spec says for an attribute of a layer."""
        span = node.attribute_spans.get(name)
        return None if span is None else value_of(span.text)

    # Channels

    def _follow(self, items: tuple[Item, ...]) -> None:
        """Note how the channels of what an item gives are written."""
        item = items[0]
        if isinstance(item, Scope):
            if not self.channels.get(item.outputs[0] if item.outputs else item.inputs[0]):
                self._same_channels(items)
            return
        named = ("out_channels", "out_features", "embedding_dim")
        for attribute in named:
            code = self._written(item.nodes[0], attribute)
            given = [getattr(each.nodes[0].operator, attribute, None) if each.nodes else ANY for each in items]
            if code is not None and self.environment.gives(code, given):
                self.channels[item.outputs[0]] = code
                return
        self._same_channels(items)

    def _same_channels(self, items: tuple[Item, ...]) -> None:
        item = items[0]
        if not item.outputs or not item.inputs:
            return
        candidates = [self.channels.get(value) for value in item.inputs]
        if len(candidates) > 1 and all(candidates):
            candidates.append(summed(each.code for each in candidates if each))
        if len(item.outputs) > 1 and candidates[0]:
            candidates.append(read(f"({candidates[0].code}) // {len(item.outputs)}"))
        fitting = (each for each in candidates if each is not None and self.environment.gives(each, counts(items)))
        # the number of channels may be found again, after a `permute` has moved their axis away and back
        found = next(fitting, candidates[0] if len(candidates) == 1 else None)
        self.channels.update(dict.fromkeys(item.outputs, found))


def _repeated(pieces: Iterable[Piece]) -> list[Piece]:
    """Pieces, several that are the same in a row as one."""
    found: list[Piece] = []
    for piece, same in groupby(pieces):
        count = len(list(same))
        is_block = isinstance(piece, Written) and not piece.head.startswith("nn.")
        found += [Repeated(piece, count)] if count > 1 and is_block else [piece] * count
    return found


def _float(code: str) -> str:
    return f"{code}.0" if code.lstrip("-").isdigit() else code
