"""What torchvision's networks are and compute, from files in tests/fixtures, and our graphs at the same sizes.

Every tensor there is filled by one formula, and the formula is in the README of those files: no weights are needed.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import cnndsl
from cnndsl.api import check_source
from cnndsl.ir import Graph
from cnndsl.reading import read_spec
from cnndsl.source import Source

FIXTURES = Path(__file__).parent.parent / "fixtures"
FILES = {path.stem: path for path in sorted(FIXTURES.glob("torchvision*/*.json"))}
NAMES = tuple(FILES)

_GOLDEN = 0x9E3779B9
_CHUNK = 2**22
_INPUT = 1_000_000


def reference(name: str) -> dict[str, Any]:
    return json.loads(FILES[name].read_text(encoding="utf-8"))


def uniform(shape: tuple[int, ...], k: int) -> NDArray[np.float64]:
    """Tensor number k of the formula, in [-1, 1): a mix of the bits of k and of each element's place."""
    values = np.empty(int(np.prod(shape)))
    for start in range(0, len(values), _CHUNK):
        x = np.arange(start, min(start + _CHUNK, len(values)), dtype=np.uint32)
        x += np.uint32(k * _GOLDEN % 2**32)
        x ^= x >> 16
        x *= np.uint32(0x85EBCA6B)
        x ^= x >> 13
        x *= np.uint32(0xC2B2AE35)
        x ^= x >> 16
        values[start : start + len(x)] = x / 2147483648.0 - 1.0
    return values.reshape(shape)


def input_batch(shape: list[int]) -> NDArray[np.float64]:
    return uniform(tuple(shape), _INPUT)


def filled_state(figures: dict[str, Any]) -> dict[str, NDArray[np.generic]]:
    """Every tensor of the reference by name."""
    state: dict[str, NDArray[np.generic]] = {}
    for k, ((key, shape), (offset, scale)) in enumerate(zip(figures["state_dict"], figures["fill"], strict=True)):
        counts = key.endswith("num_batches_tracked")
        state[key] = np.zeros(shape, np.int64) if counts else offset + scale * uniform(tuple(shape), k)
    return state


@cache
def zoo_graph(name: str) -> Graph:
    """A network of the zoo as shipped; its spec holds it to its figures."""
    return cnndsl.load(f"zoo:{name}").graph


def graph_at(name: str, height: int, width: int, *, dropout: bool = True, **settings: Any) -> Graph:
    """A network of the zoo for images of this size.

    Contracts and expectations state what holds at the published size, so they are taken away; without ``dropout``, nothing
    is dropped.
    """
    source, own = read_spec(f"zoo:{name}")
    text = re.sub(r"->.*|^ *expect .*", "", source.text, flags=re.MULTILINE)
    text = re.sub(r"input 3x\d+x\d+", f"input 3x{height}x{width}", text)
    if not dropout:
        text = re.sub(r"dropout [\d.]+", "dropout 0", text)
    return check_source(Source(source.name, text, source.path), {**own, **settings}).require_graph()
