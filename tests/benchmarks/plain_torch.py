"""The networks of docs/results.md in PyTorch alone, as most people would write them: accuracy, and seconds per epoch.

    python tests/benchmarks/plain_torch.py mnist_cnn ~/data

Data, recipe, number of epochs and one thread are those of the specs; cnndsl is not imported. Weights start as torch's layers
start them, and so the accuracy differs by chance.
"""

from __future__ import annotations

import gzip
import math
import sys
import time
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

Samples = tuple[Tensor, Tensor]


def mnist(folder: Path) -> tuple[Samples, Samples]:
    def read(name: str, head: int) -> Tensor:
        return torch.from_numpy(
            np.frombuffer(gzip.decompress((folder / name).read_bytes()), np.uint8, offset=head).copy()
        )

    def part(name: str) -> Samples:
        images = read(f"{name}-images-idx3-ubyte.gz", 16).reshape(-1, 1, 28, 28).float() / 255
        return (images - 0.1307) / 0.3081, read(f"{name}-labels-idx1-ubyte.gz", 8).long()

    return part("train"), part("t10k")


def flowers(folder: Path) -> tuple[Samples, Samples]:
    def part(name: str) -> Samples:
        classes = sorted(each for each in (folder / name).iterdir() if each.is_dir())
        files = [(path, label) for label, each in enumerate(classes) for path in sorted(each.iterdir())]
        images = np.stack([np.asarray(Image.open(path).convert("RGB")) for path, _ in files])
        return torch.from_numpy(images).permute(0, 3, 1, 2).float() / 255, torch.tensor([label for _, label in files])

    (x, y), (held_out, labels) = part("train"), part("val")
    mean, deviation = x.mean((0, 2, 3), keepdim=True), x.std((0, 2, 3), keepdim=True)
    return ((x - mean) / deviation, y), ((held_out - mean) / deviation, labels)


def mnist_dense() -> nn.Module:
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 10))


def mnist_cnn() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(64, 64, 3), nn.ReLU(), nn.Flatten()),
        *(nn.Linear(576, 64), nn.ReLU(), nn.Linear(64, 10)),
    )


def flowers1() -> nn.Module:
    return nn.Sequential(
        *(nn.Flatten(), nn.Linear(27648, 30), nn.ReLU(), nn.Linear(30, 10), nn.ReLU(), nn.Linear(10, 5)),
    )


def flowers3() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(3, 6, 5, padding=2), nn.ReLU(), nn.MaxPool2d(4)),
        *(nn.Conv2d(6, 12, 3, padding=1), nn.ReLU(), nn.AvgPool2d(2)),
        *(nn.Flatten(), nn.Linear(1728, 5)),
    )


def flowers4() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(3, 6, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 12, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(12, 24, 3, padding=1), nn.ReLU(), nn.AvgPool2d(3)),
        *(nn.Flatten(), nn.Linear(1536, 5)),
    )


NETWORKS = {
    # the network, its data and their folder, its optimizer, samples in a batch, epochs, whether the rate falls as a cosine
    "mnist_dense": (mnist_dense, mnist, "mnist", torch.optim.Adam, 128, 12, True),
    "mnist_cnn": (mnist_cnn, mnist, "mnist", torch.optim.Adam, 64, 12, True),
    "flowers1": (flowers1, flowers, "flower_photos_96", torch.optim.Adam, 10, 10, False),
    "flowers2": (flowers1, flowers, "flower_photos_96", torch.optim.SGD, 10, 10, False),
    "flowers3": (flowers3, flowers, "flower_photos_96", torch.optim.Adam, 10, 10, False),
    "flowers4": (flowers4, flowers, "flower_photos_96", torch.optim.Adam, 10, 10, False),
}


def accuracy(network: nn.Module, samples: Samples) -> float:
    network.eval()
    with torch.no_grad():
        found = torch.cat([network(x).argmax(1) for x in samples[0].split(256)])
    return (found == samples[1]).double().mean().item()


def train(name: str, folder: str) -> None:
    make, read, inner, rule, batch, epochs, is_cosine = NETWORKS[name]
    torch.manual_seed(0)
    torch.set_num_threads(1)
    start = time.process_time()
    (x, y), held_out = read(Path(folder).expanduser() / inner)
    network = make()
    optimizer = rule(network.parameters(), lr=1e-3)
    for epoch in range(epochs):
        for group in optimizer.param_groups:
            group["lr"] = 1e-3 * (0.5 * (1 + math.cos(math.pi * epoch / epochs)) if is_cosine else 1)
        network.train()
        for chosen in torch.randperm(len(x)).split(batch):
            loss = nn.functional.cross_entropy(network(x[chosen]), y[chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch + 1}/{epochs}  accuracy {accuracy(network, held_out):.2%}", file=sys.stderr)
    seconds = (time.process_time() - start) / epochs
    print(
        f"{name}: {accuracy(network, held_out):.2%} of the held-out samples, {seconds:.1f} s of the processor per epoch"
    )


if __name__ == "__main__":
    train(*sys.argv[1:])
