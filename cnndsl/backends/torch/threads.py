"""How many threads torch shares an operation among.

By default torch takes all cores. The operations of a small network are over before the threads have met, and on cores that
other programs keep busy they wait for each other by spinning: an epoch of LeNet-5 then took 13 s instead of 0.4 s.
"""

from __future__ import annotations

from types import TracebackType

import torch

from ...ir import Graph

__all__ = ["Threads", "usual_threads"]

_WORK = 5_000_000
"""Multiply-accumulates per sample that are worth a thread."""


def usual_threads(graph: Graph) -> int:
    """A thread for each 5 million multiply-accumulates of a sample, from 1 to what torch would take."""
    work = sum(node.macs for node in graph.nodes)
    return min(torch.get_num_threads(), max(1, work // _WORK))


class Threads:
    """Holds torch to a number of threads within ``with``, and leaves it as it was."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._before = count

    def __enter__(self) -> None:
        self._before = torch.get_num_threads()
        if self._before != self.count:
            torch.set_num_threads(self.count)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._before != self.count:
            torch.set_num_threads(self._before)
