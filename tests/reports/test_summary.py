"""The table of a network, for people and for programs."""

from __future__ import annotations

import json

import pytest

from cnndsl.attributes import Word
from cnndsl.ops.linear import Dense
from cnndsl.ops.normalization import BatchNorm
from cnndsl.reports.summary import render_summary
from cnndsl.reports.summary_json import summary_to_json
from tests.support.networks import cats_and_dogs_lenet, chain, conv, lenet5, mnist_cnn, mnist_dense, residual

NETWORKS = (lenet5, mnist_cnn, mnist_dense, cats_and_dogs_lenet)
TOTALS = list(zip(NETWORKS, ("61,706", "93,322", "407,050", "46,038,242"), strict=True))


@pytest.mark.parametrize("explain", [False, True])
def test_lenet5(golden, explain):
    name = "lenet5-explained.txt" if explain else "lenet5.txt"
    golden(f"summary/{name}", render_summary(lenet5(), explain=explain))


def test_a_network_with_a_skip(golden):
    golden("summary/residual.txt", render_summary(residual(), explain=True))


def test_lenet5_as_json(golden):
    golden("summary/lenet5.json", json.dumps(summary_to_json(lenet5()), indent=2) + "\n")


@pytest.mark.parametrize(("build", "parameters"), TOTALS)
def test_the_total_is_the_published_figure(build, parameters):
    total = next(line for line in render_summary(build()).splitlines() if line.startswith("total"))
    assert total.split()[1] == parameters


@pytest.mark.parametrize("explain", [False, True])
@pytest.mark.parametrize("build", NETWORKS)
def test_lines_fit_a_terminal_and_end_without_blanks(build, explain):
    lines = render_summary(build(), explain=explain).splitlines()
    assert max(map(len, lines)) <= 120
    assert all(line == line.rstrip() and line.isascii() for line in lines)


def test_a_network_of_long_names_and_large_numbers_still_fits():
    path = "encoder.layer4.22.downsample.conv_after_all_of_that"
    layer = conv(2048, 3, stride=(2, 2), padding=((1, 1), (1, 1)), dilation=(3, 3), groups=4, bias=False)
    text = render_summary(chain("Large", (2048, 512, 512), [(path, layer)]))
    assert max(map(len, text.splitlines())) <= 120
    assert "...conv_after_all_of_that"[-11:] in text
    assert "9,437,184" in text  # 2048 filters of 512 channels and 3x3 numbers


def test_explanations_hold_the_numbers_of_the_layer():
    text = render_summary(lenet5(), explain=True)
    assert "floor((14 - 5 + 2*0)/1 + 1) = 10" in text
    assert "16*6*5*5 + 16 = 2,416" in text
    assert "6 + (5 - 1)*2 = 14" in text


def test_the_convention_of_the_count_is_stated():
    assert "MACs             multiply-accumulates of convolutions and dense layers" in render_summary(lenet5())


def test_shares_that_round_to_nothing_or_to_all_say_so():
    text = render_summary(chain("n", (40_000,), [Dense(10_000), Dense(1)]))
    assert ">99.9" in text
    assert "<0.1" in text


def test_running_statistics_are_stated_where_there_are_any():
    assert "9 running statistics" in render_summary(chain("n", (4, 5, 5), [BatchNorm()]))
    assert "statistics" not in render_summary(lenet5())


def test_a_network_without_layers_has_a_summary():
    assert "total" in render_summary(chain("n", (3, 4, 4), []))


def test_json_says_what_the_text_says():
    data = summary_to_json(lenet5())
    assert data["totals"]["parameters"] == sum(layer["parameters"] for layer in data["layers"]) == 61_706
    assert data["totals"]["training_activation_bytes"] == 2 * data["totals"]["activation_bytes"]
    assert data["layers"][4]["receptive_field"] == {"size": [14, 14], "jump": [2, 2], "everything": False}
    assert data["layers"][-1]["receptive_field"] == {"size": [32, 32], "jump": None, "everything": True}


def test_every_sort_of_setting_becomes_json():
    settings = {
        "depth": 18,
        "rate": 0.5,
        "wide": True,
        "act": Word("relu"),
        "stages": [(64, 3), (128, 4)],
        "unit": Dense,
    }
    data = summary_to_json(chain("n", (3,), [], settings=settings))
    assert json.loads(json.dumps(data))["settings"] == {
        "depth": 18,
        "rate": 0.5,
        "wide": True,
        "act": "relu",
        "stages": [[64, 3], [128, 4]],
        "unit": str(Dense),
    }


def test_hostile_text_does_not_reach_the_terminal():
    graph = chain("n\x1b[2J", (3,), [("a\x1b[31m", Dense(2))], doc="d\x07", settings={"s": "\x9b31m"})
    assert not set(render_summary(graph)) & {"\x1b", "\x07", "\x9b"}
