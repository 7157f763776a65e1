"""Which layers of two networks correspond, and what is said of each."""

from __future__ import annotations

import pytest

import cnndsl
from cnndsl.reports.difference import Difference, compare
from cnndsl.reports.difference_text import render_difference

BASE = """\
input 3x32x32
conv 8 3x3 pad=1 | relu
conv 8 3x3 pad=1 | relu
maxpool 2x2
c: conv 16 3x3 pad=1 | relu
flatten
dense 10
"""


def difference(before: str, after: str) -> Difference:
    graphs = [cnndsl.check_text(f"network Net {{\n{text}}}\n").require_graph() for text in (before, after)]
    return compare(*graphs)


def told(before: str, after: str) -> list[str]:
    """The changes, each as its kind and the operators of its sides."""
    found = difference(before, after).changes
    return [f"{change.kind} {'/'.join(side.node.operator.name for side in change.sides)}" for change in found]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ("", "", []),
        ("c: conv 16", "c: conv 32", ["changed conv/conv", "affected relu/relu", "affected flatten/flatten"]),
        ("dense 10", "dense 11", ["changed dense/dense"]),
        ("maxpool 2x2", "avgpool 2x2", ["removed maxpool", "added avgpool"]),
        ("c: conv", "d: conv", ["renamed conv/conv"]),
        ("flatten\n", "flatten\ndropout 0.5\n", ["added dropout", "renamed dense/dense"]),
    ],
)
def test_each_layer_is_told_once(old: str, new: str, changes: list[str]) -> None:
    assert told(BASE, BASE.replace(old, new) if old else BASE)[:3] == changes


def test_a_layer_put_in_first_changes_no_other() -> None:
    after = BASE.replace("input 3x32x32\n", "input 3x32x32\nconv 3 3x3 pad=1\n")
    assert told(BASE, after) == [
        "added conv",
        *(f"renamed {name}/{name}" for name in ("conv", "relu", "conv", "relu", "maxpool", "relu", "flatten", "dense")),
    ]


def test_another_input_affects_what_depends_on_it() -> None:
    found = difference(BASE, BASE.replace("3x32x32", "3x64x64"))
    assert {change.kind for change in found.changes} == {"affected"}
    assert found.changes[-1].before.parameters == 16 * 16 * 16 * 10 + 10
    assert found.changes[-1].after.parameters == 16 * 32 * 32 * 10 + 10


JOIN = "input 8x4x4\na: conv 8 1x1\nb: conv 8 1x1\nconv 8 1x1\nadd a\n"


def test_other_inputs_are_a_change() -> None:
    (change,) = difference(JOIN, JOIN.replace("add a", "add b")).changes
    assert (change.kind, change.is_rewired) == ("changed", True)


def test_another_output_is_a_difference() -> None:
    old = "input 8x4x4\nh: head weight=0.3 { conv 2 1x1 }\nconv 8 1x1\n"
    assert not difference(old, old.replace("0.3", "0.4")).is_equal
    assert difference(old, old).is_equal


def test_checkpoints_fit_as_far_as_names_and_shapes_agree() -> None:
    assert difference(BASE, BASE.replace("dense 10", "dense 11")).fitting_tensors() == (6, 8)


def test_what_repeats_is_told_once(golden) -> None:
    graphs = [cnndsl.load(f"zoo:{name}").graph for name in ("resnet50", "wide_resnet50_2")]
    names = ("zoo:resnet50", "zoo:wide_resnet50_2")
    golden("difference/resnet50-wide.txt", render_difference(compare(*graphs), names, 120))


def test_a_narrow_terminal_cuts_operators() -> None:
    text = render_difference(difference(BASE, BASE.replace("8 3x3 pad=1", "8 3x3 pad=1 bias=false")), ("a", "b"), 65)
    assert max(map(len, text.splitlines()[3:])) == 65
    assert "conv 8 3x3 pad=1 bi" in text
    assert "bias=false" not in text
