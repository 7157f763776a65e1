"""64 KiB of the worst text takes less than a second and 100 MB; a bomb is defused in a few seconds.

Each text has a process of its own, and what counts is that process's time: neither busy neighbours nor pytest's own objects
do. The suite holds memory, and that nothing hangs; seconds are held on demand, with ``-m soak``, on a machine that is quiet.
"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from tests.fuzz.hostile import BOMBS, hostile_texts
from tests.fuzz.measure import SIZE

HANG = 60


def measured(kind: str, name: str) -> dict[str, float]:
    """Seconds of processor time, and bytes at the peak."""
    command = [sys.executable, "-m", "tests.fuzz.measure", kind, name]
    result = subprocess.run(command, capture_output=True, text=True, check=True, timeout=HANG)
    return json.loads(result.stdout)


@pytest.mark.parametrize("name", hostile_texts(SIZE))
def test_hostile_text_takes_less_than_100_mb(name: str) -> None:
    assert measured("texts", name)["bytes"] < 100e6


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_defused(name: str) -> None:
    assert measured("bombs", name)["bytes"] < 150e6


@pytest.mark.soak
@pytest.mark.parametrize("name", hostile_texts(SIZE))
def test_hostile_text_takes_less_than_a_second(name: str) -> None:
    assert min(measured("texts", name)["seconds"] for _ in range(3)) < 1
