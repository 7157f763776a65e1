"""``freeze`` and ``lr``: which layers they name, what is refused, and what a training leaves as it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

import cnndsl
from cnndsl.backends import BACKENDS
from cnndsl.cli.main import main
from cnndsl.diagnostics import DiagnosticError
from cnndsl.recipe import Recipe, Scope
from cnndsl.recipe.datasets import Digits
from cnndsl.recipe.optimizers import SGD

SHALLOW = """network Shallow {
    input 1x8x8
    stage1: seq { conv1: conv 4 3x3 pad=1 | relu | maxpool 2x2 }
    stage2: seq { conv1: conv 8 3x3 pad=1 bias=false | bn | relu | maxpool 2x2 }
    flatten
    output: dense 10
}

train { data digits | optimizer sgd lr=0.05 momentum=0.9 | batch 64 | epochs 1 }
"""
DEEP = SHALLOW.replace("Shallow", "Deep").replace("| bn | relu", "| bn | relu\n        conv2: conv 8 3x3 pad=1 | relu")


def recipe_of(line: str, text: str = SHALLOW) -> Recipe:
    return cnndsl.check_text(text.replace("| epochs 1", f"| epochs 1 | {line}")).require_recipe()


def test_of_two_scopes_the_inner_one_counts() -> None:
    recipe = recipe_of("freeze stage2 stage1.conv1 | lr stage2.1=0.0125 stage1=0.1 output=0.05")
    factors = {path: recipe.factor(path) for path in ("stage1.conv1", "stage1.x", "stage2.1", "stage2.conv1", "output")}
    assert factors == {"stage1.conv1": 0, "stage1.x": 2, "stage2.1": 0.25, "stage2.conv1": 0, "output": 1}
    assert recipe.factor("output2") == 1


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("freeze stage3", "E0208", "stage3"),
        ("freeze stage1.conv1.weight", "E0208", "stage1.conv1.weight"),
        ("freeze stage1 stage1", "E0205", "stage1"),
        ("freeze stage1 | lr stage1=1", "E0205", "stage1"),
        ("freeze stage1 stage2 output", "E0206", "stage1"),
        ("freeze", "E0206", "freeze"),
        ("freeze 1", "E0206", "1"),
        ("freeze stage1=1", "E0206", "stage1=1"),
        ("lr 0.1", "E0206", "0.1"),
        ("lr outpu=0.1", "E0208", "outpu"),
        ("lr output=0", "E0207", "0"),
        ("lr output=fast", "E0208", "fast"),
        ("freeze stage1 | freeze stage2", "E0205", "freeze"),
    ],
)
def test_refused(line: str, code: str, column: str) -> None:
    checked = cnndsl.check_text(SHALLOW.replace("| epochs 1", f"| epochs 1 | {line}"))
    (found,) = checked.diagnostics
    assert (found.kind.code, found.primary and found.primary.span.text) == (code, column)


def test_a_slip_is_mended() -> None:
    checked = cnndsl.check_text(SHALLOW.replace("| epochs 1", "| epochs 1 | freeze stage2.covn1"))
    (found,) = checked.diagnostics
    assert [edit.replacement for fix in found.fixes for edit in fix.edits] == ["stage2.conv1"]


def test_from_python(tmp_path: Path) -> None:
    path = tmp_path / "net.cnn"
    path.write_text(SHALLOW)
    model = cnndsl.load(str(path))
    trained = model.train(freeze=["stage1", "stage2.1"], lr={"output": 0.1}).network.state()
    other = model.train(freeze="stage1", seed=0).network.state()
    assert (trained["stage1.conv1.weight"] == other["stage1.conv1.weight"]).all()
    assert not (trained["output.weight"] == other["output.weight"]).all()
    with pytest.raises(DiagnosticError, match="no layer or block `stage9`"):
        model.train(freeze=["stage9"])


def test_a_recipe_made_by_hand_is_refused_without_a_place(tmp_path: Path) -> None:
    from cnndsl.training import train_network

    recipe = Recipe(data=Digits(), optimizer=SGD(lr=0.1), epochs=1, freeze=(Scope("x"),))
    with pytest.raises(DiagnosticError, match="E0208"):
        train_network(cnndsl.check_text(SHALLOW).require_graph(), recipe)


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_deeper_network_starts_from_a_shallow_one(backend: str, tmp_path: Path) -> None:
    """As VGG was trained: what both have is taken by name, here the first stage for good."""
    shallow, deep = tmp_path / "shallow.cnn", tmp_path / "deep.cnn"
    shallow.write_text(SHALLOW)
    deep.write_text(DEEP.replace("| epochs 1", "| epochs 1\n    freeze stage1 stage2.1\n    lr stage2.conv1=1e-5"))
    first, second = tmp_path / "first", tmp_path / "second"
    options = ["--backend", backend, "--quiet", "--output"]
    assert main(["train", str(shallow), *options, str(first)]) == 0
    assert main(["train", str(deep), "--init-from", str(first), *options, str(second)]) == 0
    given, learnt = load_file(first / "model.safetensors"), load_file(second / "model.safetensors")
    frozen = [name for name in given if name.startswith(("stage1.", "stage2.1."))]
    assert len(frozen) == 7
    for name, array in given.items():
        assert np.array_equal(array, learnt[name]) == (name in frozen), name
    moved = np.abs(learnt["stage2.conv1.weight"] - given["stage2.conv1.weight"]).max()
    assert moved < 1e-3 < np.abs(learnt["output.weight"] - given["output.weight"]).max()
