"""What is said where a training step does not fit into memory: which batch would."""

from __future__ import annotations

import gc
import os
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

from ..analysis.memory import largest_batch, slots_of, training_memory
from ..diagnostics import DiagnosticError, refusal
from ..diagnostics.kinds import training
from ..ir import Graph
from ..recipe import Recipe

__all__ = ["within_memory"]


_SURE = 0.6
"""The share of what is free that a step is to take by its estimate; for a while libraries take more, and NumPy 1.4 times."""


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
        _let_go(error)
        raise _too_little(graph, recipe, samples, _available() if known is None else known) from None


def _let_go(error: BaseException) -> None:
    """Free what the step had computed so far, which the places that an error came through still hold: it is free again."""
    cause: BaseException | None = error
    while cause is not None:
        traceback.clear_frames(cause.__traceback__)
        cause = cause.__context__
    gc.collect()


def _too_little(graph: Graph, recipe: Recipe, samples: int, available: int) -> DiagnosticError:
    slots, part = slots_of(recipe), -(-samples // recipe.accumulate)
    needed = training_memory(graph, part, slots)
    held = needed.parameters + needed.optimizer
    # the worst moment of one sample is another than that of many, so memory grows faster and faster, and is never above the
    # line through two batches; a step that has failed takes too much, whatever its estimate says
    of_batch = {1: training_memory(graph, 1, slots).total, part: needed.total}
    room = min(_SURE * available + held, _SURE * needed.total)
    fitting = largest_batch(int(room), of_batch) if part > 1 else 0
    share = f", of which {part} at a time" if recipe.accumulate > 1 else ""
    notes = [f"it needs about {_mebibytes(needed.total)} MiB"]
    help_ = ["use a smaller batch; `cnndsl summary --memory train --batch N` says what it needs"]
    if fitting > 0:
        parts = -(-samples // fitting)
        notes = [f"{notes[0]} by the estimate, and {_mebibytes(available + held)} MiB are free for it"]
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
