"""Data that is larger than memory: what is read of it at a time is little."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

LIMIT = 1_500_000_000
"""Bytes that a process may have of its own: RLIMIT_DATA, its heap and what it maps without a file.

The pages of a file that it maps are not its own. They count as resident while Linux has no other use for them.
"""

SCRIPT = """
import resource, sys
import numpy as np
import cnndsl

folder, limit = sys.argv[1], int(sys.argv[2])
resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))
data = {}
if len(sys.argv) > 3:
    x = np.load(folder + "/x.npy", mmap_mode="r")
    data = {"data": (x, np.arange(len(x)) % 2)}
result = cnndsl.load(folder + "/small.cnn").train(output=folder + "/run", **data)
assert len(result.history) == 1
"""

SPEC = """\
network Small {{
    input 3x{size}x{size}
    avgpool {pool}x{pool}
    flatten
    dense 2
}}
train {{
    data folder path="photos"
    optimizer sgd lr=0.01
    batch {batch}
    epochs 1
}}
"""


def train(folder: Path, *arguments: str) -> None:
    """In a process that is refused more memory of its own than the limit."""
    command = [sys.executable, "-c", SCRIPT, str(folder), str(LIMIT), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound what a process has of its own")
def test_an_array_of_six_gigabytes_is_trained_on_in_one_and_a_half(tmp_path: Path) -> None:
    """220,000 pictures of 27,648 bytes; a file with holes takes no space."""
    (tmp_path / "small.cnn").write_text(SPEC.format(size=96, pool=24, batch=256))
    x = np.lib.format.open_memmap(tmp_path / "x.npy", "w+", np.uint8, (220_000, 3, 96, 96))
    x[:100] = np.random.default_rng(0).integers(0, 256, (100, 3, 96, 96))
    train(tmp_path, "arrays")


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not bound what a process has of its own")
def test_a_folder_of_six_gigabytes_is_trained_on_in_one_and_a_half(tmp_path: Path) -> None:
    """2,000 photos, which take 3,145,728 bytes each once they are decoded; one file has all their names."""
    (tmp_path / "small.cnn").write_text(SPEC.format(size=1024, pool=256, batch=8))
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    photo = tmp_path / "photo.jpg"
    Image.fromarray(pixels).resize((1024, 1024)).save(photo)
    for name in ("cats", "dogs"):
        (tmp_path / "photos" / name).mkdir(parents=True)
        for number in range(1_000):
            os.link(photo, tmp_path / "photos" / name / f"{number}.jpg")
    train(tmp_path)
