"""The checkpoints before the last one: how many are kept, and what they are good for."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest

from cnndsl.diagnostics import Diagnostic, DiagnosticError
from cnndsl.training import Run, load_network, read_record, train_network
from cnndsl.training.checkpoints.places import RECORD, TENSORS, TRAINER
from cnndsl.training.run.folder import RunFolder
from tests.training.killed_runs import sums
from tests.training.small_networks import quick, refused, tiny

SHORT, MANY = 150, 1000


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir() if path.is_dir())


@pytest.mark.parametrize(("keep", "names"), [(0, []), (1, ["epoch-4"]), (3, ["epoch-2", "epoch-3", "epoch-4"])])
def test_so_many_are_kept(tmp_path: Path, keep: int, names: list[str]) -> None:
    train_network(tiny(), quick(epochs=5), run=Run(str(tmp_path), keep=keep))
    assert kept(tmp_path) == names
    for name in names:
        assert f"epoch-{read_record(str(tmp_path / name)).epoch}" == name
    train_network(tiny(), quick(epochs=2), run=Run(str(tmp_path), keep=keep))
    assert kept(tmp_path) == ["epoch-1"][: min(keep, 1)]  # those of the training before are gone


def test_a_kept_one_is_what_the_training_was_then(tmp_path: Path) -> None:
    train_network(tiny(), quick(epochs=3), run=Run(str(tmp_path / "long")))
    # 23 steps of an epoch, and two batches of what is held out
    stop = iter([False] * (2 * 25 + 5) + [True] * 100)
    with pytest.raises(KeyboardInterrupt):
        train_network(tiny(), quick(epochs=3), run=Run(str(tmp_path / "stopped"), stop=lambda: next(stop)))
    assert kept(tmp_path / "stopped") == ["epoch-2"]  # the present one stands within the third
    before, after = (load_network(tiny(), str(tmp_path / name / "epoch-2")) for name in ("long", "stopped"))
    assert all(np.array_equal(after.state()[name], array) for name, array in before.state().items())


def damaged(content: bytes, chance: random.Random) -> bytes:
    """The same with a bit flipped, or cut off."""
    if chance.random() < 0.3:
        return content[: chance.randrange(len(content))]
    place = chance.randrange(8 * len(content))
    changed = bytearray(content)
    changed[place // 8] ^= 1 << place % 8
    return bytes(changed)


def refuse_all(folder: Path, seed: int, count: int) -> None:
    """Each damage of one of the three files is refused with E0421, and the checkpoint of the epoch before is taken."""
    train_network(tiny(), quick(epochs=3), run=Run(str(folder)))
    record, before = read_record(str(folder)), read_record(str(folder / "epoch-2"))
    good = {name: (folder / name).read_bytes() for name in (TENSORS, TRAINER, RECORD)}
    chance = random.Random(seed)
    for trial in range(count):
        name = chance.choice(list(good))
        content = damaged(good[name], chance)
        (folder / name).write_bytes(content)
        if name != RECORD or not _says_the_same(content, good[name]):
            problems: list[Diagnostic] = []
            writer = RunFolder(str(folder), record)
            found = writer.earlier(tiny(), force=False, note=problems.append)
            writer.close()
            assert [problem.kind.code for problem in problems] == ["E0421"], (trial, name)
            assert found is not None
            assert found[0] == before
        (folder / name).write_bytes(good[name])


def _says_the_same(content: bytes, good: bytes) -> bool:
    """Whether only the layout of a record differs, such as a blank that has become a line end."""
    try:
        return json.loads(content) == json.loads(good)
    except ValueError:
        return False


def test_damaged_checkpoints_are_refused_and_the_one_before_used(tmp_path: Path) -> None:
    refuse_all(tmp_path, 0, SHORT)


@pytest.mark.soak
def test_a_thousand_damaged_checkpoints(tmp_path: Path) -> None:
    refuse_all(tmp_path, 1, MANY)


@pytest.mark.parametrize("name", [TENSORS, TRAINER, RECORD])
def test_from_the_one_before_a_training_ends_with_the_same_bytes(tmp_path: Path, name: str) -> None:
    train_network(tiny(), quick(epochs=3), run=Run(str(tmp_path)))
    expected, before = sums(tmp_path), sums(tmp_path / "epoch-2")
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-9])
    assert len(train_network(tiny(), quick(epochs=3), run=Run(str(tmp_path), resume=True)).history) == 3
    assert sums(tmp_path) == expected
    assert sums(tmp_path / "epoch-2") == before


def test_without_one_before_a_damaged_one_stops_the_training(tmp_path: Path) -> None:
    train_network(tiny(), quick(epochs=3), run=Run(str(tmp_path), keep=0))
    content = (tmp_path / TRAINER).read_bytes()
    (tmp_path / TRAINER).write_bytes(content[:-1])
    with refused("E0421"):
        train_network(tiny(), quick(epochs=3), run=Run(str(tmp_path), resume=True))
    assert (tmp_path / TRAINER).read_bytes() == content[:-1]


def test_another_recipe_is_refused_though_one_is_kept(tmp_path: Path) -> None:
    train_network(tiny(), quick(epochs=3), run=Run(str(tmp_path)))
    with pytest.raises(DiagnosticError, match="E0422"):
        train_network(tiny(), quick(epochs=3, batch=32), run=Run(str(tmp_path), resume=True))
