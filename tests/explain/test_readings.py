"""What the arguments of a call are read as, and which readings are certain."""

from __future__ import annotations

import pytest

from cnndsl.api import check_text
from cnndsl.diagnostics import Diagnostic
from cnndsl.diagnostics.fixing import apply_edits

AROUND = "network Wrong(width = 8) {{\n    input 3x32x32\n    skip: conv 16 3x3 pad=1 | relu\n    {}\n}}\n"

CERTAIN = {
    "conv 8 3x3 stride 2": "conv 8 3x3 stride=2",
    "conv 8 3x3 stride 2 pad 1": "conv 8 3x3 stride=2 pad=1",
    "conv 8 3x3 s2 same": "conv 8 3x3 stride=2 pad=same",
    "conv 8 3x3 pad1": "conv 8 3x3 pad=1",
    "conv 3x3 8": "conv 8 3x3",
    "conv 8 3x3 relu": "conv 8 3x3 | relu",
    "conv 16 8 3x3": "conv 8 3x3",
    "bn 16": "bn",
    "conv skip 8 3x3": "from skip | conv 8 3x3",
    'conv 8 3x3 pad="same"': "conv 8 3x3 pad=same",
    'conv "8" 3x3': "conv 8 3x3",
    "conv 8.0 3x3": "conv 8 3x3",
    "conv 8 [3, 5]": "conv 8 3x5",
    "conv 8 3x3 bias=False": "conv 8 3x3 bias=false",
    "conv 8 3x3 bias=0": "conv 8 3x3 bias=false",
    "conv 8 3x3 strid=2": "conv 8 3x3 stride=2",
    "conv filters=8 kernel=3 strides=2": "conv out_channels=8 kernel_size=3 stride=2",
    "conv 8 3x3 in_channels=16": "conv 8 3x3",
    "relu inplace=true": "relu",
    "conv 8 3x3 activation=relu pad=1": "conv 8 3x3 pad=1 | relu",
    'conv 8 3x3 name="stem"': "stem: conv 8 3x3",
    "conv conv 8 3x3": "conv 8 3x3",
    "conv 8 3x3 pad=1 pad=1": "conv 8 3x3 pad=1",
}
GUESSED = {
    "conv 8 3x3 2 1": "conv 8 3x3 stride=2 pad=1",
    "conv 3 8 3x3": "conv 8 3x3",
    "bn 64": "bn",
    "dropout 50": "dropout 0.5",
    "conv (width / 2) 3x3": "conv (width // 2) 3x3",
    "conv 8 3x3 in_channels=3": "conv 8 3x3",
    "upsample scale=2": "upsample 2x2",
}
NOT_OFFERED = (
    "conv 8 3x3 pad=1 pad=2",
    "conv 0 3x3",
    "conv",
    "lrn depth_radius=5",
    "conv 8 3x3 zebra=1",
)


def told(line: str) -> Diagnostic:
    """The one mistake of a network with this line."""
    (item,) = check_text(AROUND.format(line)).diagnostics
    return item


@pytest.mark.parametrize(("line", "meant", "certain"), [
    *((*item, True) for item in CERTAIN.items()),
    *((*item, False) for item in GUESSED.items()),
])  # fmt: skip
def test_a_call_is_read_as_it_was_meant(line: str, meant: str, certain: bool) -> None:
    item = told(line)
    assert apply_edits(AROUND.format(line), item.fixes[0].edits) == AROUND.format(meant)
    assert item.fixes[0].certain is certain
    assert item.primary is not None
    assert item.primary.span.position[0] == 4


@pytest.mark.parametrize("line", NOT_OFFERED)
def test_what_nobody_can_tell_is_not_offered(line: str) -> None:
    assert told(line).fixes == ()


def test_a_call_with_many_arguments_is_told_without_being_read() -> None:
    item = told("conv " + " ".join(["8"] * 40))
    assert item.kind.code == "E0204"
    assert item.fixes == ()


def test_what_is_left_wrong_of_a_call_is_told_beside_what_is_understood() -> None:
    item = told("conv 8 3x3 strid=2 zebra=1")
    assert [item.primary, *item.secondary][0].text == "did you mean `stride`?"
    assert item.fixes == ()
