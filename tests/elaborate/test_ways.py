"""Suggested changes are tried here: the text with their edits no longer has the mistake, and has the shape they tell."""

from random import Random

import pytest

from cnndsl.api import check_text
from cnndsl.diagnostics import Diagnostic, Fix
from tests.diagnostics.cases import CASES, Case
from tests.support.fixing import apply_fix

SHAPES = ("E0301", "E0302", "E0303", "E0308", "E0309", "E0311", "E0320")
SHAPED = [case for case in CASES if any(code in SHAPES for code, _, _ in case.mistakes)]


def mistakes(text: str) -> list[Diagnostic]:
    return [item for item in check_text(text).diagnostics if item.is_error]


def helps(text: str) -> list[str]:
    (mistake,) = mistakes(text)
    return [*mistake.help]


def network(*lines: str) -> str:
    return "network A {\n" + "".join(f"    {line}\n" for line in lines) + "}\n"


def assert_mends(text: str, fix: Fix, mistake: Diagnostic) -> None:
    """The mistake at this place is gone, whatever others there are."""
    mended = apply_fix(text, fix)
    assert mended != text
    left = [(item.kind.code, item.primary.span.text) for item in mistakes(mended) if item.primary]
    assert mistake.primary
    assert (mistake.kind.code, mistake.primary.span.text) not in left, mended


def test_alexnet():
    """The case of the first layer of AlexNet: 224 pixels and 55 wanted."""
    text = network("input 3x224x224", "conv 64 11x11 stride=4 -> 64x55x55")
    assert helps(text) == [
        "`conv 64 11x11 stride=4 pad=2` gives 64x55x55, with 1 row and 1 column of padding left over",
        "`conv 64 11x11 stride=4 pad=(top=1, bottom=2, left=1, right=2)` gives 64x55x55, with no row left over",
        "`conv 64 8x8 stride=4` gives 64x55x55, with no row left over",
        "an input of 3x227x227 gives 64x55x55",
        "or assert `-> 64x54x54`",
    ]


def test_a_projection_is_an_edit():
    text = network("input 3x8x8", "residual {", "    conv 8 3x3 pad=1 stride=2", "}")
    (mistake,) = mistakes(text)
    assert [edit.replacement for edit in mistake.fixes[0].edits] == [" shortcut projection"]
    assert not mistakes(apply_fix(text, mistake.fixes[0]))


def test_a_branch_that_lost_its_size():
    branches = "branch { conv 8 1x1 }", "branch { conv 4 1x1 | conv 8 5x5 | relu }", "branch { conv 8 3x3 pad=1 }"
    text = network("input 3x28x28", "concat {", *branches, "}")
    (mistake,) = mistakes(text)
    assert mistake.help[0] == "`conv 8 5x5 pad=2` on line 5 gives 8x28x28"
    assert "here 28x28 becomes 24x24" in [label.text for label in mistake.secondary]
    assert not mistakes(apply_fix(text, mistake.fixes[0]))


def test_many_small_losses_are_mended_together():
    text = network("input 3x28x28", "e: relu", "conv 3 3x3 | relu | conv 3 5x5", "add e")
    assert helps(text)[0] == "`conv 3 3x3 pad=1` and `conv 3 5x5 pad=2` give 3x28x28"


def test_what_a_vector_is_made_of():
    assert helps(network("input 1x28x28", "conv 16 5x5", "flatten -> 400"))[:2] == [
        "`conv 16 5x5 stride=5` on line 3 gives 400, with 3 rows and 3 columns of input left over",
        "an input of 1x9x9 gives 400",
    ]


def test_the_least_input_for_a_window():
    text = network("input 3x28x28", "conv 8 5x5 | maxpool 2x2", "conv 8 5x5 | maxpool 2x2", "conv 8 5x5")
    assert "an input of at least 3x32x32 leaves enough for this layer" in helps(text)
    assert not mistakes(text.replace("28x28", "32x32"))
    assert mistakes(text.replace("28x28", "31x32"))


@pytest.mark.parametrize("case", SHAPED, ids=str)
def test_what_cases_suggest(case: Case):
    text = case.spec
    for mistake in mistakes(text):
        if mistake.kind.code not in SHAPES or any("in this call of" in label.text for label in mistake.secondary):
            continue  # what is right for one call of a block may be wrong for another
        for fix in mistake.fixes:
            assert_mends(text, fix, mistake)


@pytest.mark.parametrize("chains", [100, pytest.param(1000, marks=pytest.mark.soak)])
def test_what_random_chains_suggest(chains: int):
    """Each suggestion for a wrong contract gives a network without mistakes."""
    random, tried = Random(5), 0
    for _ in range(chains):
        text = random_chain(random)
        for mistake in mistakes(text):
            for fix in mistake.fixes if mistake.kind.code == "E0303" else ():
                assert not mistakes(apply_fix(text, fix)), (text, fix.message)
                tried += 1
    assert tried > chains


def random_chain(random: Random) -> str:
    lines = [f"input {random.randint(1, 3)}x{random.randint(12, 40)}x{random.randint(12, 40)}"]
    for _ in range(random.randint(1, 4)):
        layer = random.choice(("conv 4", "conv 5", "maxpool", "avgpool"))
        words = [layer, random.choice(("2x2", "3x3", "5x5", "3x2"))]
        words += random.choice(([], ["stride=2"], ["stride=(1, 2)"]))
        words += random.choice(([], ["pad=1"], ["pad=same"], ["ceil_mode=true"] if layer == "maxpool" else []))
        lines.append(" ".join(words) + random.choice(("", " | relu", " | bn")))
    lines[-1] += f" -> {random.choice((4, 5))}x{random.randint(1, 20)}x{random.choice((3, 7, 10, '?'))}"
    return network(*lines)
