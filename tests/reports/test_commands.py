"""``cnndsl summary`` and ``cnndsl diagram``, as a user calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import cnndsl
from cnndsl.cli.main import main
from cnndsl.reports.diagram import diagram

BROKEN = "network N {\n    input 1x4x4\n    conv 6 5x5\n}\n"

FIGURES = {
    "lenet5": [156, 2_416, 48_120, 10_164, 850],
    "mnist_dense": [401_920, 5_130],
    "mnist_cnn": [320, 18_496, 36_928, 36_928, 650],
}


def test_summary_of_a_shipped_spec(capsys, golden):
    assert main(["summary", "zoo:lenet5"]) == 0
    golden("summary/lenet5.txt", capsys.readouterr().out)


def test_summary_explains(capsys, golden):
    assert main(["summary", "zoo:lenet5", "--explain"]) == 0
    golden("summary/lenet5-explained.txt", capsys.readouterr().out)


@pytest.mark.parametrize("name", FIGURES)
def test_shipped_specs_have_the_published_figures(capsys, name):
    assert main(["summary", f"zoo:{name}", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [layer["parameters"] for layer in data["layers"] if layer["parameters"]] == FIGURES[name]


def test_settings_change_the_network(capsys):
    assert main(["summary", "zoo:lenet5", "--set", "classes=3", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["settings"] == {"classes": 3}
    assert data["layers"][-1]["output"] == [3]


@pytest.mark.parametrize("command", ["summary", "diagram"])
def test_a_broken_spec_is_refused(tmp_path, capsys, command):
    spec = tmp_path / "broken.cnn"
    spec.write_text(BROKEN)
    assert main([command, str(spec)]) == 1
    captured = capsys.readouterr()
    assert "E0301" in captured.err
    assert captured.out == ""


def test_diagram_writes_dot_to_standard_output(capsysbinary):
    assert main(["diagram", "zoo:lenet5"]) == 0
    assert capsysbinary.readouterr().out.decode() == diagram(cnndsl.load("zoo:lenet5").graph).source


@pytest.mark.parametrize(
    ("name", "start"),
    [("a.svg", b"<?xml"), ("a.PNG", b"\x89PNG"), ("a.dot", b"digraph LeNet5 {"), ("weird.name.svg", b"<?xml")],
)
def test_the_suffix_chooses_the_format(tmp_path, name, start):
    assert main(["diagram", "zoo:lenet5", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / name).read_bytes().startswith(start)
    assert os.listdir(tmp_path) == [name]


def test_format_overrules_the_suffix(tmp_path):
    assert main(["diagram", "zoo:lenet5", "-o", str(tmp_path / "a.txt"), "--format", "svg"]) == 0
    assert (tmp_path / "a.txt").read_bytes().startswith(b"<?xml")


@pytest.mark.parametrize("name", ["a.gif", "a", ".svg", "svg"])
def test_an_unknown_suffix_is_a_usage_error(tmp_path, capsys, name):
    assert main(["diagram", "zoo:lenet5", "-o", str(tmp_path / name)]) == 2
    assert ".svg, .png, .pdf, .dot, .mmd" in capsys.readouterr().err
    assert os.listdir(tmp_path) == []


def test_a_folder_that_is_not_there(tmp_path, capsys):
    assert main(["diagram", "zoo:lenet5", "-o", str(tmp_path / "missing" / "a.svg")]) == 1
    assert "E0003" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["svg", "png", "pdf"])
def test_without_a_program_that_draws_there_is_an_error_and_no_file(bare_python, tmp_path, suffix):
    arguments = ["-m", "cnndsl.cli.main", "diagram", "zoo:lenet5", "-o", f"a.{suffix}"]
    done = bare_python(arguments, tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("error[E0005]: ")
    assert os.listdir(tmp_path) == []


def test_without_a_program_that_draws_the_old_file_stays(bare_python, tmp_path):
    (tmp_path / "a.svg").write_text("old")
    bare_python(["-m", "cnndsl.cli.main", "diagram", "zoo:lenet5", "-o", "a.svg"], tmp_path)
    assert (tmp_path / "a.svg").read_text() == "old"


def test_dot_needs_no_program(bare_python, tmp_path):
    done = bare_python(["-m", "cnndsl.cli.main", "diagram", "zoo:lenet5", "-o", "a.dot"], tmp_path)
    assert done.returncode == 0
    assert (tmp_path / "a.dot").read_text().startswith("digraph LeNet5 {")


@pytest.mark.parametrize("command", [["summary", "zoo:lenet5", "--explain"], ["diagram", "zoo:lenet5"]])
def test_tables_and_dot_load_no_array_library(command):
    code = f"""
import sys
from cnndsl.cli.main import main
main({command!r})
heavy = {{"numpy", "torch", "onnx", "rich", "lark", "safetensors", "matplotlib"}} & set(sys.modules)
sys.exit(",".join(heavy) or 0)
"""
    folder = str(Path(cnndsl.__file__).parents[1])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=folder, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_from_python():
    model = cnndsl.load("zoo:lenet5", classes=3)
    assert "61,111" in model.summary()  # 61,706 less 7 of the 10 classes, each with 84 weights and a bias
    assert any(each.__name__ == "Digraph" for each in type(model.diagram()).__mro__)
