"""What is said where a training step does not fit into memory: which batch would."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

from ..analysis.memory import largest_batch, slots_of, training_memory
from ..diagnostics import DiagnosticError
from ..diagnostics.kinds import training
from ..ir import Graph
from ..recipe import Recipe
from .refusal import refusal

__all__ = ["within_memory"]


_SURE = 0.8
"""The share of what is free that a step is to take by its estimate, which is within 20 %."""


@contextmanager
def within_memory(graph: Graph, recipe: Recipe, samples: int) -> Iterator[None]:
    """A step on so many samples that runs out of memory within is refused with a batch that would fit.

    A backend raises MemoryError, with the bytes that its device has free as the argument if it knows them.

    Raises:
        DiagnosticError: E0435.
    """
    try:
        yield
    except MemoryError as error:
        known = error.args[0] if error.args and isinstance(error.args[0], int) else None
        raise _too_little(graph, recipe, samples, _available() if known is None else known) from None


def _too_little(graph: Graph, recipe: Recipe, samples: int, available: int) -> DiagnosticError:
    slots, part = slots_of(recipe), -(-samples // recipe.accumulate)
    needed = training_memory(graph, part, slots)
    held = needed.parameters + needed.optimizer
    of_batch = {each: training_memory(graph, each, slots).total for each in (1, 2)}
    fitting = largest_batch(int(_SURE * available) + held, of_batch)
    share = f", of which {part} at a time" if recipe.accumulate > 1 else ""
    notes = [f"it needs about {_mebibytes(needed.total)} MiB"]
    help_ = ["use a smaller batch; `cnndsl summary --memory train --batch N` says what it needs"]
    if 0 < fitting < part:
        parts = -(-samples // fitting)
        notes = [f"{notes[0]}, and {_mebibytes(available + held)} MiB are free for it"]
        help_ = [
            f"`batch {fitting}` would fit, by the estimate of `cnndsl summary --memory train`",
            f"or `accumulate {parts}`, which computes the same step in {parts} parts",
        ]
    return refusal(
        training.OUT_OF_MEMORY,
        f"there is not enough memory for a step on {samples} samples{share}",
        notes=tuple(notes),
        help=tuple(help_),
    )


def _mebibytes(count: int) -> str:
    return f"{count / 2**20:,.0f}"


def _available() -> int:
    """Bytes that this process may still take, of the machine's memory or of its own limit."""
    found = [os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")] if hasattr(os, "sysconf") else [2**30]
    limit = _limit()
    return min(found + ([] if limit is None else [limit]))


def _limit() -> int | None:
    """What is left of the limit that ``ulimit -v`` has set, None without one."""
    try:
        import resource

        most, _ = resource.getrlimit(resource.RLIMIT_AS)
        with open("/proc/self/statm", encoding="ascii") as file:
            taken = int(file.read().split()[0]) * resource.getpagesize()
    except (ImportError, OSError):  # Windows; a system without /proc
        return None
    return None if most == resource.RLIM_INFINITY else max(0, most - taken)
