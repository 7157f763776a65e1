"""How well mistakes are found, explained and repaired: typos, slips of shape, mistakes that people made; and how fast.

The default seed is the one that is reported. Whoever tunes does so on others (``--seed 1``, with ``--list`` to see each
case), and on the held-out sets not at all.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import NamedTuple

from cases import SPECS, Case, Outcome, breaking, counts, described, examine, figures
from measure import compare, in_turns, median
from people import SETS, cases
from slips import slip
from typos import typo

Rows = dict[str, dict[str, float]]

TYPOS, SLIPS = 1000, 200

_CHECK = "import sys; from cnndsl.cli.main import main; main(['check', *sys.argv[1:]])"


class Options(NamedTuple):
    """What the command line says: ``count`` is of each random part, ``baseline`` a Python with the checker as it was."""

    seed: int = 20260
    count: int | None = None
    only: str | None = None
    listed: bool = False
    baseline: str | None = None


def typos(options: Options) -> Rows:
    """Typos of all kinds together, those that no parser can read, and each kind."""
    return _by_kind("typos", list(_outcomes(typo, options.count or TYPOS, options)))


def slips(options: Options) -> Rows:
    """Slips of shape and argument of all kinds together, and each kind."""
    return _by_kind("slips", list(_outcomes(slip, options.count or SLIPS, options)))


def people(_options: Options) -> Rows:
    """The held-out sets, all of each, and only counted."""
    return {f"held out, {name}": counts([examine(case) for case in cases(name)]) for name in SETS}


def speed(options: Options, rounds: int = 9) -> Rows:
    """CPU time of cold checks: of two large networks, and of each spec with a mistake in it; beside the baseline if given."""
    pythons = {"": sys.executable} | ({", baseline": options.baseline} if options.baseline else {})
    rows: Rows = {}
    for name in ("zoo:googlenet", "zoo:resnet152"):
        contenders = {name + which: _check(python, name) for which, python in pythons.items()}
        rows |= compare(in_turns(contenders, rounds), base=list(contenders)[-1])
    with TemporaryDirectory() as folder:
        paths = [str(path) for path in _broken_specs(Path(folder), options.seed)]
        contenders = {path + which: _check(python, path) for path in paths for which, python in pythons.items()}
        found = in_turns(contenders, rounds=3)
    for which in pythons:
        times = [median([usage.cpu_seconds for usage in found[path + which]]) for path in paths]
        rows["broken specs" + which] = {
            "count": len(times),
            "cpu_seconds": median(times),
            "cpu_seconds_worst": max(times),
        }
    return rows


PARTS: dict[str, Callable[[Options], Rows]] = {
    function.__name__: function for function in (typos, slips, people, speed)
}


def measure_mistakes(options: Options) -> Rows:
    """One part or all but ``speed``, which wants a quiet machine."""
    chosen = [options.only] if options.only else [name for name in PARTS if name != "speed"]
    return {name: row for part in chosen for name, row in PARTS[part](options).items()}


def _outcomes(make: Callable[[Random], Case | None], count: int, options: Options) -> Iterator[Outcome]:
    random = Random(options.seed)
    for outcome in breaking(lambda: make(random), count):
        if options.listed:
            print(described(outcome))
        yield outcome


def _by_kind(name: str, outcomes: list[Outcome]) -> Rows:
    groups = {name: outcomes, f"{name}, syntax": [item for item in outcomes if item.is_syntax]}
    for kind in sorted({item.case.kind for item in outcomes}):
        groups[f"{name}, {kind}"] = [item for item in outcomes if item.case.kind == kind]
    return {group: figures(items) for group, items in groups.items() if items}


def _check(python: str, spec: str) -> list[str]:
    return [python, "-P", "-c", _CHECK, spec]


def _broken_specs(folder: Path, seed: int) -> Iterator[Path]:
    """Each spec with a random slip or typo in it, written into a folder."""
    for number, path in enumerate(sorted(SPECS.glob("*.cnn"))):
        random = Random(f"{seed} {path.name}")
        make = (slip, typo)[number % 2]
        outcome = next(iter(breaking(lambda: make(random, path), 1)))  # noqa: B023  it is called at once
        written = folder / path.name
        written.write_text(outcome.case.text)
        yield written
