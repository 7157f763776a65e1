"""Time and memory of processes, taken in turns so that whatever else the machine does falls on all of them alike.

What is compared are ratios of CPU time within a round; a machine that others use makes seconds mean little.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]

ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)

# Whatever the shell says: users run compiled modules.
COMPILED = {"PYTHONDONTWRITEBYTECODE": ""}

Command = Sequence[str]


class Usage(NamedTuple):
    """What one run of a command used: wall and CPU seconds, and its largest resident memory in MiB."""

    seconds: float
    cpu_seconds: float
    peak_mib: float


def run(command: Command) -> Usage:
    """Run a command from the root of the checkout, with one thread, and measure it together with its children.

    Its memory cannot come out lower than that of this process, about 15 MiB, which imports little for that reason.

    Raises:
        RuntimeError: If the command fails, or the system cannot tell what a child used.
    """
    if not hasattr(os, "wait4"):
        raise RuntimeError("this system cannot tell what a process used; run the benchmarks on Linux or macOS")
    environment = {**os.environ, **ONE_THREAD, **COMPILED}
    start = perf_counter()
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, env=environment) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"exit status {process.returncode}: {' '.join(command)}")
    per_mib = 2**20 if sys.platform == "darwin" else 2**10
    return Usage(perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / per_mib)


def in_turns(commands: Mapping[str, Command], rounds: int) -> dict[str, list[Usage]]:
    """Run every command once in each round, after one round that does not count."""
    found: dict[str, list[Usage]] = {name: [] for name in commands}
    for number in range(rounds + 1):
        for name, command in commands.items():
            usage = run(command)
            if number:
                found[name].append(usage)
    return found


def median(values: Sequence[float]) -> float:
    """The middle one of the sorted values; the upper one of two."""
    return sorted(values)[len(values) // 2]


def compare(found: Mapping[str, Sequence[Usage]], base: str) -> dict[str, dict[str, float]]:
    """For each command the medians of what it used, and of its ratio of CPU time to the base in the same round."""
    return {
        name: {
            "seconds": median([usage.seconds for usage in usages]),
            "cpu_seconds": median([usage.cpu_seconds for usage in usages]),
            "peak_mib": median([usage.peak_mib for usage in usages]),
            "ratio": median([a.cpu_seconds / b.cpu_seconds for a, b in zip(usages, found[base], strict=True)]),
        }
        for name, usages in found.items()
    }
