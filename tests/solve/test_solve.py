"""Which inputs suit a network, against trying them."""

from __future__ import annotations

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnndsl.api import load, solve_source
from cnndsl.diagnostics import DiagnosticError
from cnndsl.reading import read_spec
from cnndsl.source import Source
from tests.support.sizes import Trial, Tried
from tests.support.strategies import chains

SPECS = sorted((Path(__file__).parents[2] / "specs").glob("*.cnn"))
MOST = 2048

each_spec = pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)


def found(sizes, at) -> Tried:
    return Tried(at in sizes.legal, at in sizes.lossless, at in sizes.contracts)


def edges(mask: int) -> set[int]:
    """The first and last sizes of the first stretches of a set, and those beside them."""
    ends = (mask ^ mask << 1) & ((1 << MOST) - 1)
    first = [size for size in range(1, MOST) if ends >> size & 1][:6]
    return {size + step for size in (*first, mask.bit_length() - 1) for step in (-2, -1, 0, 1)}


def interesting(sizes, random: Random, count: int) -> list[tuple[int, ...]]:
    """Some of: small sizes, the spec's own, the ends of the sets that were found, both axes alike or not, and any."""
    groups = [group for each in (sizes.legal, sizes.lossless, sizes.contracts) for group in list(each.by_axis)[:3]]
    axes = []
    for axis, own in enumerate(sizes.own):
        near = {size for group in groups for size in edges(group[axis])}
        axes.append(sorted(size for size in {*near, 1, 2, 3, own - 1, own, own + 1, MOST} if 1 <= size <= MOST))
    alone = [(*sizes.own[:place], size, *sizes.own[place + 1 :]) for place, axis in enumerate(axes) for size in axis]
    mixed = [tuple(random.choice(axis) for axis in axes) for _ in range(count // 3)]
    free = [tuple(random.randint(1, random.choice((40, MOST))) for _ in axes) for _ in range(count // 6)]
    return [sizes.own, *random.sample(alone, min(count // 2, len(alone))), *mixed, *free]


@each_spec
def test_answers_are_those_of_trying(path):
    source, _ = read_spec(str(path))
    sizes = solve_source(source)
    trial = Trial(source)
    for at in interesting(sizes, Random(path.stem), 16 if len(source.text) < 1500 else 6):
        assert found(sizes, at) == trial(sizes.filled(at)), at


@pytest.mark.parametrize(
    "path", [path for path in SPECS if path.stem.startswith(("lenet", "mnist", "flowers", "text"))]
)
def test_all_small_sizes(path):
    source, _ = read_spec(str(path))
    sizes = solve_source(source, up_to=41)
    trial = Trial(source)
    small = range(1, 42)
    pairs = [(size,) for size in small] if len(sizes.own) == 1 else [(a, b) for a in small for b in (a, 1, 32, 41)]
    for at in pairs:
        assert found(sizes, at) == trial(sizes.filled(at)), at


@pytest.mark.soak
@each_spec
def test_all_sizes(path):
    """The squares, and each axis alone with the other at its own size, from 1 to 2,048."""
    source, _ = read_spec(str(path))
    sizes = solve_source(source, up_to=MOST)
    trial = Trial(source)
    for size in range(1, MOST + 1):
        square = (size,) * len(sizes.own)
        for at in {square, *((*sizes.own[:axis], size, *sizes.own[axis + 1 :]) for axis in range(len(sizes.own)))}:
            assert found(sizes, at) == trial(sizes.filled(at)), at


@settings(max_examples=50, derandomize=True)
@given(chains(), st.data())
def test_random_chains(chain, data):
    """Sizes from 1 to 30, all lines through two of them."""
    hold(chain.text, data, 30)


_BODIES = st.sampled_from(
    (
        "conv 4 3x3 pad=same stride=2",
        "conv 8 1x1 stride=2 pad=same",
        "maxpool 2x2 stride=2 pad=same",
        "maxpool 2x2 stride=3 ceil_mode=true",
        "avgpool 3x3 stride=2 pad=1 ceil_mode=true",
        "residual { conv 4 3x3 stride=2 pad=1 } shortcut projection",
        "residual when same { maxpool 3x3 stride=2 pad=1 }",
        "residual { maxpool 3x3 stride=2 pad=1 } shortcut when changed { maxpool 1x1 stride=2 }",
        "residual { avgpool 2x2 }",
        "mul {\n branch { global_avgpool }\n branch { identity }\n}",
        "mul {\n branch { maxpool 2x2 pad=1 }\n branch { identity }\n}",
        "concat axis=1 {\n branch { maxpool 2x2 }\n branch { identity }\n}",
        "concat axis=2 {\n branch { permute (0, 2, 1) }\n branch { identity }\n}",
        "permute (0, 2, 1)",
        "permute (1, 0, 2) | channel_shuffle 2 | permute (1, 0, 2)",
        "instance_norm",
        "layer_norm",
        "pad 2 mode=reflect",
        "crop 5x4",
        "upsample 2",
        "conv_transpose 4 2x2 stride=2 pad=3",
        "permute (1, 0, 2) | conv (in_channels // 2) 1x1 | permute (1, 0, 2)",
        "adaptive_avgpool 3x2",
        "relu -> 4x8x8",
        "identity -> 4x?x6",
    )
)
_ENDS = st.sampled_from(
    (
        "",
        "flatten | dense 3",
        "flatten -> 144",
        "flatten | reshape 4x6x6",
        "flatten | maxout 3",
        "flatten | layer_norm elementwise_affine=false | dense (in_channels // 3 + 1)",
        "concat {\n branch { flatten }\n branch { global_avgpool | flatten }\n} | relu -> 40",
        "concat {\n branch { flatten }\n branch { maxpool 2x2 | flatten }\n} | maxout 2 -> 90",
    )
)


@settings(max_examples=50, derandomize=True)
@given(st.lists(_BODIES, max_size=4), _ENDS, st.data())
def test_rules_that_depend_on_sizes(bodies, end, data):
    text = "network Test {\n    input 4x12x12\n" + "\n".join((*bodies, end)) + "\n}\n"
    hold(text, data, 14)


def test_a_shortcut_at_a_width_of_both_axes():
    mixed = "concat axis=2 {\n branch { permute (0, 2, 1) }\n branch { identity }\n}"
    body = f"{mixed}\nresidual {{ conv 4 3x3 stride=2 pad=1 }} shortcut projection"
    source = Source("test.cnn", f"network Test {{\n    input 4x12x12\n{body}\n}}\n")
    sizes, trial = solve_source(source, up_to=6), Trial(source)
    for at in [(height, width) for height in range(1, 7) for width in range(1, 7)]:
        assert found(sizes, at) == trial(sizes.filled(at)), at


def hold(text: str, data, most: int) -> None:
    """Every size with one drawn for the other axis, and every square."""
    source = Source("test.cnn", text)
    sizes = solve_source(source, up_to=most)
    trial = Trial(source)
    other = data.draw(st.integers(1, most))
    for size in range(1, most + 1):
        for at in {(size, other), (other, size), (size, size)}:
            assert found(sizes, at) == trial(sizes.filled(at)), at


def test_alexnet_by_hand():
    """Five windows with strides of 4 and 2 and 2 and 2: floor((floor((floor((I - 7)/4 + 1) - 1)/2) ..."""
    sizes = load("zoo:alexnet").solve()
    assert sizes.legal.smallest() == (63, 63)
    assert sizes.contracts.groups == sizes.contracts.of(2, [(range(223, 227), range(223, 227))]).groups
    assert sizes.refusals[0].sizes == (62, 63)
    assert sizes.refusals[0].layer.path == "features.12"


def test_what_is_lost_at_the_own_size_is_told():
    source = Source("test.cnn", "network Test {\n    input 3x224x224\n    conv 64 11x11 stride=4\n}\n")
    sizes = solve_source(source)
    assert [loss.rows for loss in sizes.losses] == [(1, 1)]
    assert sizes.lossless.nearest((224, 224)) == (223, 223)


def test_parameters_may_be_too_many():
    """2^20 features of every pixel: 10^12 parameters are passed between 9 and 10 rows of 9 columns or so."""
    text = "network Test {\n    input 1x?x?\n    upsample 100 | flatten | dense 1_000_000\n}\n"
    source = Source("test.cnn", text)
    sizes = solve_source(source, up_to=20)
    trial = Trial(source)
    for at in ((a, b) for a in range(1, 21) for b in range(1, 21)):
        assert found(sizes, at) == trial(sizes.filled(at)), at
    assert 0 < len(sizes.legal) < 400


def test_extents_may_be_too_large():
    text = "network Test {\n    input 3x?x?\n    upsample 5000 | flatten\n}\n"
    source = Source("test.cnn", text)
    sizes = solve_source(source, up_to=12)
    trial = Trial(source)
    for at in ((a, b) for a in range(1, 13) for b in range(1, 13)):
        assert found(sizes, at) == trial(sizes.filled(at)), at
    assert 0 < len(sizes.legal) < 144


def test_a_network_that_is_never_legal_says_why():
    sizes = solve_source(Source("test.cnn", "network Test {\n    input 1x8x8\n    dense 3\n}\n"))
    assert not sizes.legal
    assert sizes.refusals[0].diagnostic.kind.code == "E0302"


@pytest.mark.parametrize(
    ("text", "shape", "code"),
    [
        ("network Test {\n    input 1x8x8\n    relu\n}\n", (None, 3), "E0214"),
        ("network Test {\n    input 1x8x8\n    relu\n}\n", (None, None, None), "E0206"),
        ("network Test {\n    input 1x8x8\n    relu\n}\n", (1, 8, 8), "E0206"),
        ("network Test {\n    relu\n}\n", None, "E0211"),
        ("network Test {\n}\n", None, "E0211"),
        ("network Test {\n    input\n", None, "E0102"),
        ("", None, "E0210"),
    ],
)
def test_questions_without_sense(text, shape, code):
    with pytest.raises(DiagnosticError) as caught:
        solve_source(Source("test.cnn", text), shape=shape)
    assert caught.value.diagnostics[0].kind.code == code
