"""A long run over random inputs: ``python -m tests.fuzz.campaign --inputs 1000000 --seed 1 --processes 2``.

Prints counts, the slowest input and the peak of memory. An input that breaks a promise is saved beside the tests, which
replay it from then on.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
import traceback
from collections import Counter
from multiprocessing import get_context
from pathlib import Path
from random import Random

from tests.fuzz.grammar import GrammarWriter
from tests.support.fuzzing import Mutator, examine

REGRESSIONS = Path(__file__).parent / "regressions"
LONGEST_SECONDS = 1.0
# These stop expansions that are large by what they say, not by their bytes.
LIMITED = {"E0903", "E0906"}


class Tally:
    """What a run over some inputs has seen."""

    def __init__(self) -> None:
        self.inputs = 0
        self.bytes = 0
        self.codes: Counter[str] = Counter()
        self.failures: list[str] = []
        self.slowest = (0.0, b"")
        self.peak = 0

    def add(self, other: Tally) -> None:
        """Take in what another run has seen."""
        self.inputs += other.inputs
        self.bytes += other.bytes
        self.codes += other.codes
        self.failures += other.failures
        self.slowest = max(self.slowest, other.slowest)
        self.peak = max(self.peak, other.peak)

    def run(self, content: bytes) -> None:
        """Examine one input and keep it if it breaks a promise."""
        self.inputs += 1
        self.bytes += len(content)
        start = time.process_time()
        try:
            codes = examine(content)
        except Exception:
            self.failures.append(f"{save(content)}\n{traceback.format_exc(limit=-4)}")
            return
        seconds = time.process_time() - start
        self.codes.update(set(codes) or {"clean"})
        self.slowest = max(self.slowest, (seconds, content))
        if seconds > LONGEST_SECONDS and not LIMITED & set(codes):
            self.failures.append(f"{save(content)}\n{seconds:.2f} s for {len(content)} bytes\n")


def save(content: bytes) -> str:
    """Write an input among the regressions; its path."""
    path = REGRESSIONS / f"{hashlib.sha256(content).hexdigest()[:12]}.cnn"
    path.write_bytes(content)
    return str(path)


def run_share(share: tuple[int, int]) -> Tally:
    """Examine the inputs of a seed, so many."""
    seed, inputs = share
    random = Random(seed)
    mutator, writer = Mutator(random), GrammarWriter(random)
    makers = (mutator.bytes, mutator.bytes, mutator.tokens, lambda: writer.text().encode())
    tally = Tally()
    for _ in range(inputs):
        tally.run(random.choice(makers)())
    tally.peak = peak_memory()
    return tally


def peak_memory() -> int:
    """The most memory that this process has had, in bytes; 0 where the platform does not say."""
    # What getrusage says on Linux begins with the size of the process that started this one.
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    try:
        import resource
    except ImportError:
        return 0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def report(tally: Tally, seconds: float) -> None:
    """Print what was seen."""
    print(f"{tally.inputs:,} inputs, {tally.bytes:,} bytes, {seconds:.0f} s, {len(tally.failures)} failures")
    print(f"slowest {tally.slowest[0]:.3f} s for {len(tally.slowest[1])} bytes; peak {tally.peak / 1e6:.0f} MB")
    print(", ".join(f"{code} {count:,}" for code, count in sorted(tally.codes.items())))
    for failure in tally.failures[:20]:
        print(failure)


def main() -> int:
    """Run the campaign that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=1)
    arguments = parser.parse_args()
    start = time.monotonic()
    # Shares of a few thousand, so that seeds and shares make the same inputs on any number of processes.
    size = min(5_000, arguments.inputs)
    shares = [(arguments.seed * 1_000_003 + index, size) for index in range(max(1, arguments.inputs // size))]
    total = Tally()
    with get_context("spawn").Pool(arguments.processes) as pool:
        for number, tally in enumerate(pool.imap_unordered(run_share, shares), 1):
            total.add(tally)
            print(f"\r{number}/{len(shares)} shares, {len(total.failures)} failures", end="", file=sys.stderr)
    print(file=sys.stderr)
    report(total, time.monotonic() - start)
    return 1 if total.failures else 0


if __name__ == "__main__":
    sys.exit(main())
