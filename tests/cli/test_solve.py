"""``cnndsl solve`` as a user calls it."""

from __future__ import annotations

import json

import pytest

from cnndsl.cli.main import main

SMALL = "network Small {\n    input 1x12x12\n    c1: conv 4 5x5 stride=2  -> 4x4x4\n    maxpool 2x2\n}\n"


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.cnn"
    path.write_text(SMALL)
    return str(path)


def test_the_answer_in_words(small, capsys):
    """A window of 5 in steps of 2 and one of 2 in steps of 2: 7 rows are needed, and 4 more make one row of the output."""
    assert main(["solve", small, "--up-to", "100"]) == 0
    assert capsys.readouterr().out == (
        "Small, input 1xHxW with H and W from 1 to 100\n"
        "  legal            H >= 7, W >= 7\n"
        "                   1x6x7 fails at `maxpool 2x2` (1, small.cnn:4): height: floor((1 - 2 + 2*0)/2 + 1) = 0;"
        " so does 1x7x6\n"
        "  smallest         1x7x7\n"
        "  drops no rows    H = 7, 11, 15, ... (every 4); the same for W\n"
        "                   smallest 1x7x7; nearest to 1x12x12: 1x11x11\n"
        "                   1x12x12 drops 1 row and 1 column at `conv 4 5x5 stride=2` (c1, small.cnn:3)\n"
        "  meets contracts  H from 11 to 12; the same for W\n"
    )


def test_the_answer_as_data(small, capsys):
    assert main(["solve", small, "--up-to", "100", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["schema"] == 1
    assert found["legal"] == [{"H": [[7, 100, 1]], "W": [[7, 100, 1]]}]
    assert found["lossless"] == [{"H": [[7, 99, 4]], "W": [[7, 99, 4]]}]
    assert found["contracts"] == [{"H": [[11, 12, 1]], "W": [[11, 12, 1]]}]
    assert found["refusals"][0]["code"] == "E0301"
    assert found["refusals"][0]["layer"] == {"path": "1", "text": "maxpool 2x2", "line": 4, "column": 5}
    assert found["losses"][0]["rows"] == [1, 1]


def test_one_axis_alone(small, capsys):
    assert main(["solve", small, "--input", "1x?x12", "--up-to", "40"]) == 0
    out = capsys.readouterr().out
    assert "input 1xHx12 with H from 1 to 40" in out
    assert "legal            H >= 7\n" in out


def test_a_size_that_does_not_fit_is_no_obstacle(tmp_path, capsys):
    path = tmp_path / "large.cnn"
    path.write_text("network Large {\n    input 1x4x4\n    conv 4 5x5\n}\n")
    assert main(["solve", str(path)]) == 0
    assert "H >= 5, W >= 5" in capsys.readouterr().out


def test_a_network_that_nothing_fits(tmp_path, capsys):
    path = tmp_path / "never.cnn"
    path.write_text("network Never {\n    input 1x8x8\n    dense 3\n}\n")
    assert main(["solve", str(path)]) == 1
    assert "legal            none" in capsys.readouterr().out


CLASSIC = (
    "`conv 64 11x11 stride=4` on 3x224x224 gives 64x54x54; wanted is 55x55\n"
    "  input           3x227x227 (exact), 3x228x228 (1 unused), 3x229x229 (2 unused), 3x230x230 (3 unused)\n"
    "  kernel          8 (exact), 7 (1 unused), 6 (2 unused), 5 (3 unused)\n"
    "  padding         pad=(top=1, bottom=2, left=1, right=2) (exact), pad=2 (1 unused), "
    "pad=(top=2, bottom=3, left=2, right=3) (2 unused), pad=3 (3 unused)\n"
)


def test_a_layer_alone(capsys):
    assert main(["solve", "conv 64 11x11 stride=4", "--input", "3x224x224", "--output", "55"]) == 0
    assert capsys.readouterr().out == CLASSIC


def test_a_layer_of_a_network_whose_contract_is_broken(tmp_path, capsys):
    path = tmp_path / "alexnet.cnn"
    text = "network A {\n    input 3x224x224\n    c1: conv 64 11x11 stride=4 -> 64x55x55\n    dense 3\n}\n"
    path.write_text(text)
    assert main(["solve", str(path), "--layer", "c1", "--output", "64x55x55"]) == 0
    assert capsys.readouterr().out == CLASSIC.replace("=4` on", "=4` (c1, alexnet.cnn:3) on")


def test_a_layer_as_data(capsys):
    arguments = ["solve", "conv1d 4 3", "--input", "3x9", "--output", "9", "--format", "json"]
    assert main(arguments) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["schema"], found["gives"], found["wanted"]) == (1, [4, 7], [9])
    assert {change["attribute"]: change["axes"] for change in found["changes"]} == {
        "input": [[{"value": 11, "unused": 0}]],
        "kernel_size": [[{"value": 1, "unused": 0}]],
        "padding": [[{"value": [1, 1], "unused": 0}]],
    }


def test_axes_that_differ_and_a_layer_that_does_not_fit(capsys):
    assert main(["solve", "conv 2 5x3", "--input", "1x4x9", "--output", "2x7"]) == 0
    out = capsys.readouterr().out
    assert "does not fit" in out
    assert "  input           height: 6 (exact)\n                  width: 9 (exact)\n" in out


def test_nothing_gives_it(capsys):
    assert main(["solve", "kmax_pool 3", "--input", "2x9", "--output", "5"]) == 1
    assert "has no window" in capsys.readouterr().err
    assert main(["solve", "avgpool 2x2 pad=1 stride=7", "--input", "1x1x1", "--output", "1"]) == 0
    assert "nothing needs to change" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["zoo:lenet5", "--output", "5"], "--layer conv1"),
        (["zoo:lenet5", "--layer", "c1"], "--output 55"),
        (["conv 6 5x5", "--output", "5"], "--input 3x224x224"),
        (["conv 6 5x5", "--output", "5", "--input", "1x9x9", "--layer", "c1"], "no `--layer`"),
        (["zoo:lenet5", "--input", "1xHxW"], "is not a shape"),
        (["zoo:lenet5", "--layer", "c1", "--output", "5", "--input", "1x?x?"], "give all its sizes"),
        (["zoo:lenet5", "--up-to", "0"], "from 1 to"),
        (["zoo:lenet5", "--up-to", "9" * 30], "from 1 to"),
        (["zoo:lenet5", "--layer", "c1", "--output", "5x"], "such as 55"),
    ],
)
def test_questions_that_are_not_whole(arguments, words, capsys):
    assert main(["solve", *arguments]) == 2
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["zoo:alexnet", "--layer", "featurs.0", "--output", "5"], "E0208", "did you mean `features.0`?"),
        (["zoo:lenet5", "--layer", "zzzzzz", "--output", "5"], "E0208", "`c1`, `2`, `c3`, `6`, `c5`"),
        (["zoo:resnet18", "--layer", "bn2", "--output", "5"], "E0208", "layer1.0.bn2"),
        (["zoo:lenet5", "--layer", "f6", "--output", "5"], "E0206", "no window"),
        (["zoo:lenet5", "--layer", "c1", "--output", "7x5x5"], "E0206", "6x55x55"),
        (["zoo:lenet5", "--layer", "c1", "--output", "2000000"], "E0207", "16,384"),
        (["zoo:lenet5", "--input", "1x?"], "E0214", "conflicts with"),
        (["zoo:lenet5", "--input", "?x?x?"], "E0206", "one or two"),
        (["konv 6 5x5", "--input", "1x9x9", "--output", "5"], "E0201", "did you mean `conv`?"),
        (["conv 6 5x5 |", "--input", "1x9x9", "--output", "5"], "E0101", ""),
    ],
)
def test_mistakes_have_codes(arguments, code, words, capsys):
    assert main(["solve", *arguments]) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"error[{code}]")
    assert words in error
