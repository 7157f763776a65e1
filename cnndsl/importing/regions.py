"""A trace as a spec is written: scopes, and branches between where values part and where they are joined."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ..ops import OPERATORS
from ..ops.base import Operator
from .trace import Step

__all__ = ["Group", "Item", "Join", "Leaf", "Side", "arrange", "has_parameters", "scoped"]

_WIDEST = 400
"""So many layers are looked at before a join for the place where its branches begin."""


class Leaf:
    """One step."""

    def __init__(self, step: Step) -> None:
        self.step = step

    @property
    def output(self) -> Step:
        return self.step

    @property
    def steps(self) -> list[Step]:
        return [self.step]


class Group:
    """The steps of a scope, which leave one value; ``items`` is how they are arranged."""

    def __init__(self, name: str, steps: list[Step]) -> None:
        self.name = name
        self.steps = steps
        self.items: list[Item] = []

    @property
    def output(self) -> Step:
        return self.steps[-1]


class Join:
    """A join and the branches that come together in it; all begin with one value, and an empty one is that value."""

    def __init__(self, step: Step, branches: list[list[Item]], steps: list[Step]) -> None:
        self.step = step
        self.branches = branches
        self.steps = steps

    @property
    def output(self) -> Step:
        return self.step


class Side:
    """The steps that make a side output; the value before them goes on."""

    def __init__(self, steps: list[Step]) -> None:
        self.steps = steps
        self.items: list[Item] = []

    @property
    def output(self) -> Step:
        inside = set(self.steps)
        return next(value for step in self.steps for value in step.inputs if value not in inside)


Item = Leaf | Group | Join | Side
Unit = Leaf | Group | Side


def has_parameters(step: Step) -> bool:
    """Whether a layer of the step learns something."""
    operators = (OPERATORS.get(layer.split()[0]) for layer in step.layers)
    return any(each is not None and each.parameters is not Operator.parameters for each in operators)


# Scopes


def scoped(steps: Sequence[Step]) -> list[tuple[str, ...]]:
    """Give each step the scope that it can have in a spec; return those scopes that had to be left out.

    A scope without parameters needs no braces. One whose layers do not run in one piece, or that leaves several values,
    can have none: its name becomes a part of the names of what is in it.
    """
    index = {step: place for place, step in enumerate(steps)}
    users = _users(steps)
    members: dict[tuple[str, ...], list[int]] = {}
    for place, step in enumerate(steps):
        for length in range(1, len(step.path) + 1):
            members.setdefault(step.path[:length], []).append(place)
    bare = {scope for scope, places in members.items() if not any(has_parameters(steps[place]) for place in places)}
    broken = {
        scope for scope, places in members.items() if scope not in bare and not _is_whole(places, steps, users, index)
    }
    for step in steps:
        step.path, step.label = _renamed(step, bare, broken)
    return sorted(broken, key=lambda scope: members[scope][0])


def _users(steps: Iterable[Step]) -> dict[Step, list[Step]]:
    users: dict[Step, list[Step]] = {}
    for step in steps:
        for value in step.inputs:
            users.setdefault(value, []).append(step)
    return users


def _is_whole(places: list[int], steps: Sequence[Step], users: dict[Step, list[Step]], index: dict[Step, int]) -> bool:
    """Whether the steps at these positions run one after another, and leave the value of the last one only."""
    if places[-1] - places[0] + 1 != len(places):
        return False
    leaving = (place for place in places[:-1] for user in users.get(steps[place], ()) if index[user] > places[-1])
    return next(leaving, None) is None


def _renamed(step: Step, bare: set[tuple[str, ...]], broken: set[tuple[str, ...]]) -> tuple[tuple[str, ...], str]:
    """The scope and the name of a step without the scopes that are left out."""
    path: list[str] = []
    prefix = ""
    for length in range(1, len(step.path) + 1):
        scope = step.path[:length]
        if scope in bare:
            return tuple(path), ""
        if scope in broken:
            prefix += f"{scope[-1]}_"
        else:
            path.append(prefix + scope[-1])
            prefix = ""
    return tuple(path), prefix + step.label if step.label else ""


# Branches


def arrange(steps: list[Step], entry: Step | None, path: tuple[str, ...] = ()) -> list[Item]:
    """Steps in order as items: those of inner scopes together, and branches with the join that ends them.

    ``entry`` is the value before the first step, ``path`` the scope that the steps are in.
    """
    return _folded(_units(steps, len(path)), entry, path, _users(steps), frozenset(steps))


def _units(steps: list[Step], level: int) -> list[Unit]:
    units: list[Unit] = []
    for step in steps:
        last = units[-1] if units else None
        if step.side:
            if isinstance(last, Side) and last.steps[0].side == step.side:
                last.steps.append(step)
            else:
                units.append(Side([step]))
            continue
        if len(step.path) <= level:
            units.append(Leaf(step))
            continue
        name = step.path[level]
        if isinstance(last, Group) and last.name == name:
            last.steps.append(step)
        else:
            units.append(Group(name, [step]))
    return units


def _folded(
    units: list[Unit],
    entry: Step | None,
    path: tuple[str, ...],
    users: dict[Step, list[Step]],
    known: frozenset[Step],
) -> list[Item]:
    items: list[Item] = []
    end = len(units)
    while end:
        unit = units[end - 1]
        begin, branches = _region(units[:end], entry, users) if unit.steps[0].is_join else (end - 1, None)
        if branches is not None and isinstance(unit, Leaf):
            origin = units[begin - 1].output if begin else entry
            inner = [_folded(branch, origin, path, users, known) for branch in branches]
            items.append(Join(unit.step, inner, [step for each in units[begin:end] for step in each.steps]))
        else:
            begin = end - 1
            if isinstance(unit, Side):
                unit.items = [Leaf(step) for step in unit.steps]
            if isinstance(unit, Group):
                outside = next((value for value in unit.steps[0].inputs), entry)
                unit.items = arrange(unit.steps, outside, (*path, unit.name))
            items.append(unit)
        end = begin
    return items[::-1]


def _region(
    units: list[Unit], entry: Step | None, users: dict[Step, list[Step]]
) -> tuple[int, list[list[Unit]] | None]:
    """Where the branches of the join at the end begin, and what is in each; None if they are not branches."""
    join = units[-1]
    if not isinstance(join, Leaf) or len(set(join.step.inputs)) < len(join.step.inputs):
        return len(units) - 1, None
    last = len(units) - 1
    inside: set[Step] = {join.step}
    for begin in range(last - 1, max(-1, last - _WIDEST), -1):
        inside.update(units[begin].steps)
        origin = units[begin - 1].output if begin else entry
        if origin is None or not _is_closed(units[begin:last], join.step, origin, inside, users):
            continue
        branches = _branches(units[begin:last], join.step, origin)
        if branches is not None:
            return begin, branches
    return last, None


def _is_closed(units: list[Unit], join: Step, origin: Step, inside: set[Step], users: dict[Step, list[Step]]) -> bool:
    """Whether units read nothing but each other and the origin, and nothing but they and the join reads them."""
    allowed = inside | {origin}
    if any(value not in allowed for value in join.inputs):
        return False
    for unit in units:
        for step in unit.steps:
            if any(value not in allowed for value in step.inputs):
                return False
            if any(user not in inside for user in users.get(step, ())):
                return False
    return True


def _branches(units: list[Unit], join: Step, origin: Step) -> list[list[Unit]] | None:
    """The units that each operand of a join is made by; None if a unit belongs to several, or to none."""
    of_output = {unit.output: unit for unit in units}
    taken: set[int] = set()
    branches = []
    for operand in join.inputs:
        branch = _made_by(operand, origin, of_output)
        if branch is None or taken & {id(unit) for unit in branch}:
            return None
        taken.update(id(unit) for unit in branch)
        branches.append([unit for unit in units if unit in branch])
    return branches if len(taken) == len(units) else None


def _made_by(operand: Step, origin: Step, of_output: dict[Step, Unit]) -> list[Unit] | None:
    found: list[Unit] = []
    left = [operand]
    while left:
        value = left.pop()
        if value is origin:
            continue
        unit = of_output.get(value)
        if unit is None:
            return None
        if unit not in found:
            found.append(unit)
            inner = set(unit.steps)
            left.extend(each for step in unit.steps for each in step.inputs if each not in inner)
    return found
