"""``train { }``: settings become a recipe, and what is wrong with them."""

from __future__ import annotations

import pytest

from cnndsl.api import Checked, check_text
from cnndsl.recipe import CrossEntropy, Recipe
from cnndsl.recipe.datasets import Digits, Mnist
from cnndsl.recipe.optimizers import SGD, Adam
from cnndsl.recipe.schedules import Step

NETWORKS = "network A {\n    input 1x8x8\n    flatten | dense 10\n}\nnetwork B {\n    input 1x8x8\n    flatten\n}\n"


def check(train: str) -> Checked:
    return check_text(NETWORKS + train)


def codes(train: str) -> list[str]:
    return [item.kind.code for item in check(train).diagnostics]


def test_everything_said() -> None:
    lines = (
        "data digits",
        "loss cross_entropy label_smoothing=0.1",
        "optimizer sgd lr=0.1 momentum=0.9 nesterov=true",
        "schedule step every=8 gamma=0.96",
        "batch 16",
        "epochs 25",
        "seed 3",
    )
    expected = Recipe(
        data=Digits(),
        optimizer=SGD(lr=0.1, momentum=0.9, nesterov=True),
        epochs=25,
        batch=16,
        loss=CrossEntropy(label_smoothing=0.1),
        schedule=Step(every=8, gamma=0.96),
        seed=3,
    )
    assert check("train {\n" + "\n".join(lines) + "\n}").recipe == expected
    assert check("train { " + " | ".join(lines) + " }").recipe == expected


def test_what_may_be_left_out() -> None:
    recipe = check("train { data mnist | optimizer adam | epochs 2 }").recipe
    assert recipe == Recipe(data=Mnist(), optimizer=Adam(), epochs=2)


def test_values_are_computed() -> None:
    recipe = check("train { data digits | optimizer sgd (0.1 / 4) | epochs (2 * 3) }").recipe
    assert recipe == Recipe(data=Digits(), optimizer=SGD(lr=0.025), epochs=6)


def test_a_named_block_is_of_that_network() -> None:
    train = "train { data digits | optimizer adam | epochs 1 }\ntrain B { data digits | optimizer adam | epochs 2 }\n"
    assert check(train).recipe == Recipe(data=Digits(), optimizer=Adam(), epochs=1)
    both = check_text(NETWORKS.replace("network A", "network C") + train.replace("train B", "train C"))
    assert both.recipe == Recipe(data=Digits(), optimizer=Adam(), epochs=2)


def test_without_a_block_there_is_no_recipe() -> None:
    assert check("").recipe is None
    assert codes("") == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("", ["E0403"]),
        ("data digits", ["E0403"]),
        ("data digits | optimizer adam", ["E0403"]),
        ("data digit | optimizer adam | epochs 1", ["E0402"]),
        ("data digits | optimizer adan | epochs 1", ["E0402"]),
        ("data digits | optimizer adam | epochs 1 | loss huber", ["E0402"]),
        ("data digits | optimizer adam | epochs 1 | epoch 2", ["E0401"]),
        ("data digits | optimizer adam | epochs 1 | epochs 2", ["E0205"]),
        ("data digits | optimizer adam | epochs 0", ["E0207"]),
        ("data digits | optimizer adam | epochs 1.5", ["E0206"]),
        ("data digits | optimizer adam | epochs 1 2", ["E0206"]),
        ("data digits | optimizer adam | epochs n=1", ["E0206"]),
        ("data digits | optimizer adam | epochs n", ["E0208"]),
        ("data digits | optimizer sgd | epochs 1", ["E0203"]),
        ("data digits | optimizer adam lr=0 | epochs 1", ["E0207"]),
        ("data digits | optimizer adam betas=(0.9, 1) | epochs 1", ["E0207"]),
        ("data digits | optimizer adam momentum=0.9 | epochs 1", ["E0202"]),
        ("data digits | optimizer | epochs 1", ["E0206"]),
        ('data "digits" | optimizer adam | epochs 1', ["E0206"]),
        ("data digits | optimizer lr=0.1 | epochs 1", ["E0206"]),
        ("x: data digits | optimizer adam | epochs 1", ["E0213"]),
        ("data digits -> 3 | optimizer adam | epochs 1", ["E0213"]),
        ("data digits | optimizer adam | epochs 1 | let a = 1", ["E0213"]),
        ("data digits | optimizer adam | epochs 1 | repeat 2 { batch 3 }", ["E0213"]),
        ("data digit | optimizer adan | epochs 0", ["E0402", "E0402", "E0207"]),
    ],
)
def test_wrong_settings(body: str, expected: list[str]) -> None:
    assert codes(f"train {{\n{body}\n}}") == expected


def test_a_block_for_no_network_is_an_error() -> None:
    body = "{ data digits | optimizer adam | epochs 1 }"
    assert codes(f"train C {body}") == ["E0208"]
    assert codes(f"train {body}\ntrain {body}") == ["E0209"]


def test_a_softmax_at_the_end_is_a_warning() -> None:
    train = "train { data digits | optimizer adam | epochs 1 }"
    checked = check_text(NETWORKS.replace("dense 10", "dense 10 | softmax") + train.replace("train", "train A"))
    assert [item.kind.code for item in checked.diagnostics] == ["W0501"]
    assert not checked.has_errors
    assert checked.graph is not None
