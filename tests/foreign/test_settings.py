"""Lines of training in the words of other tools: the line that they are here, or a reason."""

from __future__ import annotations

import pytest

from cnndsl.api import check_text
from cnndsl.diagnostics.fixing import apply_edits
from cnndsl.explain.names import choice_named, near_choice

AROUND = "network N {{\n    input 1x8x8\n    flatten | dense 10\n}}\n\ntrain {{\n{}\n}}\n"
SETTINGS = {"data": "digits", "loss": "cross_entropy", "optimizer": "adam", "epochs": "3"}

WRITTEN = {
    "optimizer = torch.optim.SGD(model.parameters(), lr=0.1)": "optimizer sgd lr=0.1",
    "optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)": "optimizer sgd lr=0.1 momentum=0.9",
    "optimizer SGD(lr=0.1)": "optimizer sgd lr=0.1",
    "optimizer: adam": "optimizer adam",
    "optimizer = adam lr=1e-3": "optimizer adam lr=1e-3",
    "criterion = nn.CrossEntropyLoss()": "loss cross_entropy",
    "loss = nn.CrossEntropyLoss()": "loss cross_entropy",
    "loss nn.CrossEntropyLoss()": "loss cross_entropy",
    "loss: cross_entropy": "loss cross_entropy",
    "loss CrossEntropyLoss": "loss cross_entropy",
    "scheduler: cosine": "schedule cosine",
    "batch_size = 64": "batch 64",
    "epochs: 10": "epochs 10",
    "epoch 10": "epochs 10",
}

SAID = {
    "optimizer nadam": "another optimizer",
    "loss softmax": "has the softmax in it",
    "data QMNIST": "another data set",
    "momentum 0.9": "belongs to the optimizer",
    "device cuda": "--device cuda",
    "patience 5": "early_stopping",
}


def spec(line: str, meant: str) -> str:
    """A training with a line in place of what it means."""
    word = meant.split(maxsplit=1)[0]
    lines = [f"{name} {value}" for name, value in SETTINGS.items() if name != word]
    return AROUND.format("\n".join(f"    {each}" for each in (*lines, line)))


@pytest.mark.parametrize(("line", "meant"), WRITTEN.items(), ids=WRITTEN)
def test_a_setting_is_put_into_our_words(line: str, meant: str) -> None:
    text = spec(line, meant)
    (item,) = check_text(text).diagnostics
    assert apply_edits(text, item.fixes[0].edits) == spec(meant, meant)


@pytest.mark.parametrize(("line", "words"), SAID.items(), ids=SAID)
def test_what_has_no_counterpart_is_said(line: str, words: str) -> None:
    (item,) = check_text(spec(line, line)).diagnostics
    assert item.primary is not None
    assert words in " ".join((*item.help, item.primary.text))


@pytest.mark.parametrize(
    ("setting", "word"),
    [
        *(("data", word) for word in ("qmnist", "emnist", "svhn", "tiny-imagenet")),
        *(("optimizer", word) for word in ("nadam", "RAdam", "adamax", "sgdw", "lamb", "Adadelta")),
        *(("schedule", word) for word in ("ReduceLROnPlateau", "noam", "cosine_restarts")),
        *(("loss", word) for word in ("BCELoss", "focal", "hinge", "l1")),
    ],
)
def test_a_choice_of_another_tool_is_no_slip(setting: str, word: str) -> None:
    assert choice_named(setting, word) is None
    near = near_choice(setting, word)
    assert near is not None
    assert near[0] == ""
