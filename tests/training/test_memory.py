"""Data that is larger than memory: what is read of it at a time is little."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

MANY, FEW = 220_000, 4_000
"""Pictures of 27,648 bytes: 6.1 GB, and 110 MB."""

SCRIPT = """
import resource, sys
import numpy as np
import cnndsl

folder, count, limit = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
x = np.lib.format.open_memmap(folder + "/x.npy", "w+", np.uint8, (count, 3, 96, 96))  # a file with holes takes no space
x[:100] = np.random.default_rng(0).integers(0, 256, (100, 3, 96, 96))
model = cnndsl.load(folder + "/small.cnn")
pairs = (x, np.arange(count) % 2)
result = model.train(data=pairs, output=folder + "/run")
assert len(result.history) == 1
print(next(line for line in open("/proc/self/status") if line.startswith("VmData")).split()[1])
"""

SPEC = """\
network Small {
    input 3x96x96
    avgpool 24x24
    flatten
    dense 2
}
train {
    data arrays "x.npz"
    optimizer sgd lr=0.01
    batch 256
    epochs 1
}
"""


def train(folder: Path, count: int, limit: int) -> None:
    """In a process that is refused more memory of its own than this; pages of the file are not its own."""
    (folder / "small.cnn").write_text(SPEC)
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder), str(count), str(limit)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound what a process has of its own")
def test_six_gigabytes_are_trained_on_in_one_and_a_half(tmp_path: Path) -> None:
    train(tmp_path, MANY, 1_500_000_000)
