"""How well mistakes are found, explained and repaired: typos, slips of shape, and mistakes that people made.

The default seed is the one that is reported. Whoever tunes does so on others (``--seed 1``, with ``--list`` to see each
case), and on the held-out sets not at all.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from cases import Case, Outcome, breaking, described, figures
from slips import slip
from typos import typo

Rows = dict[str, dict[str, float]]

SEED = 20260
TYPOS, SLIPS = 1000, 200


def typos(seed: int, count: int | None, listed: bool) -> Rows:
    """Typos of all kinds together, those that no parser can read, and each kind."""
    return _by_kind("typos", _outcomes(typo, seed, count or TYPOS, listed))


def slips(seed: int, count: int | None, listed: bool) -> Rows:
    """Slips of shape and argument of all kinds together, and each kind."""
    return _by_kind("slips", _outcomes(slip, seed, count or SLIPS, listed))


PARTS: dict[str, Callable[[int, int | None, bool], Rows]] = {function.__name__: function for function in (typos, slips)}


def measure_mistakes(seed: int = SEED, count: int | None = None, only: str | None = None, listed: bool = False) -> Rows:
    """Typos, slips of shape and mistakes that people made: how they are told, and what their fixes are worth."""
    chosen = [only] if only else list(PARTS)
    return {name: row for part in chosen for name, row in PARTS[part](seed, count, listed).items()}


def _outcomes(make: Callable[[Random], Case | None], seed: int, count: int, listed: bool) -> list[Outcome]:
    random = Random(seed)
    outcomes = []
    for outcome in breaking(lambda: make(random), count):
        outcomes.append(outcome)
        if listed:
            print(described(outcome))
    return outcomes


def _by_kind(name: str, outcomes: list[Outcome]) -> Rows:
    groups = {name: outcomes, f"{name}, syntax": [item for item in outcomes if item.is_syntax]}
    for kind in sorted({item.case.kind for item in outcomes}):
        groups[f"{name}, {kind}"] = [item for item in outcomes if item.case.kind == kind]
    return {group: figures(items) for group, items in groups.items() if items}
