"""What is said of words that nothing is called by: slips are certain, words of other tools are left alone."""

from __future__ import annotations

import pytest

from cnndsl.api import check_text
from cnndsl.diagnostics import Diagnostic
from cnndsl.explain.context import candidate

LAYERS = {
    "con 8 3x3": ("conv", True),
    "Conv 8 3x3": ("conv", True),
    "maxpol 2x2": ("maxpool", True),
    "flatten | linear 10": ("dense", True),
    "flatten | fc 10": ("dense", True),
    "globalavgpool": ("global_avgpool", True),
    "interpolate 2": ("upsample", False),
}
OF_OTHER_TOOLS = ("pixel_unshuffle 2", "grn", "maxpool3d 2", "conv3d 8 3", "logsigmoid", "hardtanh", "mish", "glu")


def told(line: str) -> Diagnostic:
    (item,) = check_text(f"network Wrong {{\n    input 3x32x32\n    {line}\n}}\n").diagnostics
    return item


@pytest.mark.parametrize("line", LAYERS)
def test_a_layer_is_meant(line: str) -> None:
    meant, certain = LAYERS[line]
    item = told(line)
    assert item.primary is not None
    assert item.primary.text in ("", f"did you mean `{meant}`?")
    assert item.fixes[0].edits[0].replacement == meant
    assert item.fixes[0].certain is certain


@pytest.mark.parametrize("line", OF_OTHER_TOOLS)
def test_a_layer_of_another_tool_is_no_slip_of_ours(line: str) -> None:
    item = told(line)
    assert item.kind.code == "E0201"
    assert item.fixes == ()
    assert item.help


@pytest.mark.parametrize("line", ["data emnist", "optimizer nadam", "optimizer radam"])
def test_a_choice_of_another_tool_is_no_slip_of_ours(line: str) -> None:
    setting, _ = line.split()
    lines = {"data": "data digits", "optimizer": "optimizer adam", setting: line}
    train = "\n".join([*lines.values(), "epochs 1"])
    text = f"network Small {{\n    input 1x8x8\n    flatten\n    dense 10\n}}\ntrain {{\n{train}\n}}\n"
    (item,) = check_text(text).diagnostics
    assert item.kind.code == "E0402"
    assert item.fixes == ()


@pytest.mark.parametrize(("word", "known", "meant", "certain"), [
    ("widht", ("width", "depth"), "width", True),
    ("Width", ("width",), "width", True),
    ("chanels", ("channels", "classes"), "channels", True),
    ("c3", ("c1", "depth"), "c1", False),
    ("widht2", ("width1",), "width1", False),
])  # fmt: skip
def test_a_slip_is_certain_if_no_digit_and_few_letters_are_wrong(
    word: str, known: tuple[str, ...], meant: str, certain: bool
) -> None:
    found = candidate(word, known)
    assert found is not None
    assert (found.text, found.certain) == (meant, certain)


@pytest.mark.parametrize("known", [(), ("left", "lift"), ("unrelated",)])
def test_no_name_is_meant_where_none_or_several_are_near(known: tuple[str, ...]) -> None:
    assert candidate("loft", known) is None


def test_a_name_that_cannot_be_seen_is_said_to_be_elsewhere() -> None:
    hidden = "seq {\n        inner: conv 8 3x3\n    }\n    from inner"
    assert told(hidden).help == (
        "`inner` is made on line 4: a name can be used below that line, in the braces around it",
    )
    assert told("conv later 3x3\n    let later = 8").help[0] == (
        "`later` is made on line 4: a name can be used below that line, in the braces around it"
    )


def test_a_label_without_its_colon_is_one() -> None:
    assert told("conv1 conv 8 3x3").fixes[0].edits[0].replacement == "conv1: conv 8"
