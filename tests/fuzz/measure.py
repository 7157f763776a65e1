"""Examines one hostile text in a process that does nothing else: ``python -m tests.fuzz.measure bombs NAME``."""

from __future__ import annotations

import json
import sys
import time

from tests.fuzz.campaign import peak_memory
from tests.fuzz.hostile import BOMBS, hostile_texts
from tests.support.fuzzing import examine

__all__ = ["SIZE", "bomb", "hostile"]

SIZE = 64 * 1024


def hostile(name: str) -> bytes:
    """The hostile text of this name."""
    return hostile_texts(SIZE)[name]().encode()[:SIZE]


def bomb(name: str) -> bytes:
    """The network around the bomb of this name."""
    return f"network A(a = 1) {{\n input 1x8x8\n {BOMBS[name]}\n}}".encode()


def main() -> None:
    """Print the processor time in seconds and the peak of memory in bytes (0 where the platform does not say)."""
    kind, name = sys.argv[1:]
    content = {"texts": hostile, "bombs": bomb}[kind](name)
    start = time.process_time()
    examine(content)
    print(json.dumps({"seconds": time.process_time() - start, "bytes": peak_memory()}))


if __name__ == "__main__":
    main()
