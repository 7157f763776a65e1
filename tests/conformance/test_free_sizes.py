"""Operators on images whose size is left free: what does not depend on it is said, what does asks for a size."""

from __future__ import annotations

import pytest

from cnndsl.api import check_text

DECIDED = {
    "upsample 2": (6, 10),
    "conv_transpose 3 2x2 stride=2": (6, 10),
    "depthwise 3x3 stride=2 pad=1": (2, 3),
    "pad 1 mode=reflect": (5, 7),
    "crop 2x2": (2, 2),
    "shortcut_pad 8 stride=2": (2, 3),
    "lppool 2": (1, 2),
    "pixel_shuffle 2": (6, 10),
    "adaptive_maxpool 4": (4, 4),
    "instance_norm": (3, 5),
    "group_norm 2": (3, 5),
    "layer_norm axis=0": (3, 5),
    "maxout 2": (3, 5),
    "mul {\n branch { identity }\n branch { global_avgpool }\n}": (3, 5),
    "left, right: split 2\nfrom right\nconcat left": (3, 5),
}
UNDECIDED = ["layer_norm", "reshape 60", "dense 3 axis=-1"]


def checked(size: str, text: str):
    return check_text(f"network Free {{\n    input 4x{size}\n    {text}\n}}\n")


@pytest.mark.parametrize("text", DECIDED)
def test_a_free_size_is_no_obstacle(text: str) -> None:
    assert checked("?x?", text).diagnostics == ()
    assert checked("3x5", text).require_graph().output.type.shape[1:] == DECIDED[text]


@pytest.mark.parametrize("text", UNDECIDED)
def test_what_depends_on_the_size_asks_for_it(text: str) -> None:
    assert [item.kind.code for item in checked("?x?", text).diagnostics] == ["E0321"]
    assert checked("3x5", text).diagnostics == ()
