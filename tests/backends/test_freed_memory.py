"""Memory that a step frees stays with the process, where the C library is glibc."""

from __future__ import annotations

import platform
import subprocess
import sys

import pytest

FAULTS = """
import resource
import torch
from cnndsl.backends.freed_memory import keep_freed_memory

{call}
def step():
    parts = [torch.ones(1 << 23) for _ in range(4)]  # 128 MiB
    del parts

for _ in range(3):
    step()
before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
for _ in range(5):
    step()
print((resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before) // 5)
"""


def faults(call: str) -> int:
    """How many pages a step asks the system for."""
    command = [sys.executable, "-c", FAULTS.format(call=call)]
    return int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked to keep memory")
def test_a_step_finds_the_memory_of_the_one_before() -> None:
    assert faults("keep_freed_memory()") < faults("") / 10


def test_another_c_library_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    from cnndsl.backends import freed_memory

    monkeypatch.setattr(freed_memory.ctypes, "CDLL", lambda name: object())  # a library without mallopt, as musl
    freed_memory.keep_freed_memory()
