"""``cnndsl check`` and the errors of files: what is printed where, exit codes, JSON."""

from __future__ import annotations

import io
import json
import os
import sys
from pathlib import Path

import pytest

from cnndsl.cli.main import main
from cnndsl.cli.output import MAX_SHOWN
from cnndsl.source import MAX_SOURCE

GOOD = "network Good {\n    input 1x4x4\n    flatten\n    dense 3\n}\n"
BAD = "network Bad {\n    input 1x4x4\n    flaten\n    dense 0\n}\n"
WARNED = (
    GOOD.replace("1x4x4", "1x8x8").replace("dense 3", "dense 10\n    softmax")
    + "\ntrain {\n    data digits\n    optimizer adam\n    epochs 1\n}\n"
)


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    for name, text in {"good.cnn": GOOD, "bad.cnn": BAD, "warned.cnn": WARNED}.items():
        Path(name).write_text(text, encoding="utf-8")


def test_a_clean_spec_says_what_it_is(capsys) -> None:
    assert main(["check", "good.cnn"]) == 0
    assert capsys.readouterr().out == "good.cnn: clean; Good: 1x4x4 -> 3, 51 parameters\n"


def test_errors_are_all_shown_and_counted(capsys) -> None:
    assert main(["check", "bad.cnn"]) == 1
    out = capsys.readouterr().out
    assert out.count("error[") == 2
    assert "did you mean `flatten`?" in out
    assert out.endswith("bad.cnn: 2 errors\n")
    assert "\x1b" not in out


def test_each_of_several_specs_is_checked(capsys) -> None:
    assert main(["check", "bad.cnn", "good.cnn", "warned.cnn"]) == 1
    *_, total = lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("good.cnn: clean") for line in lines)
    assert total == "3 specs: 1 clean, 2 errors, 1 warning"
    assert main(["check", "good.cnn", "good.cnn"]) == 0


def test_each_network_of_a_file_has_a_line(capsys) -> None:
    Path("two.cnn").write_text(GOOD + GOOD.replace("Good", "Free").replace("1x4x4", "1x4x?"), encoding="utf-8")
    assert main(["check", "two.cnn", "--network", "Free", "--input", "1x4x5"]) == 0
    lines = ["two.cnn: clean", "  Good: 1x4x4 -> 3, 51 parameters", "  Free: 1x4x5 -> 3, 63 parameters"]
    assert capsys.readouterr().out.splitlines() == lines


def test_a_warning_fails_only_if_strict(capsys) -> None:
    assert main(["check", "warned.cnn"]) == 0
    assert "warning[W0501]" in capsys.readouterr().out
    assert main(["check", "--strict", "warned.cnn"]) == 1


def test_json_tells_programs_the_same(capsys) -> None:
    assert main(["check", "--format", "json", "bad.cnn"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert data["schema"] == 1
    first, second = data["diagnostics"]
    assert (first["code"], first["slug"], first["severity"]) == ("E0201", "unknown-layer", "error")
    assert (first["file"], first["line"], first["column"], first["end_column"]) == ("bad.cnn", 3, 5, 11)
    assert first["fixes"][0]["applicability"] == "certain"
    assert first["fixes"][0]["edits"][0]["replacement"] == "flatten"
    assert second["code"] == "E0207"


def test_json_of_a_clean_spec_names_it(capsys) -> None:
    assert main(["check", "--format", "json", "good.cnn"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["diagnostics"] == []
    network = {"name": "Good", "input": [1, 4, 4], "output": [3], "parameters": 51}
    assert data["specs"] == [{"spec": "good.cnn", "errors": 0, "warnings": 0, "networks": [network]}]


def test_standard_input(capsys, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert main(["check", "-"]) == 1
    assert " --> <stdin>:3:5" in capsys.readouterr().out


def test_many_errors_are_cut(capsys) -> None:
    Path("many.cnn").write_text(GOOD.replace("flatten", "dropout 2\n" * (MAX_SHOWN + 7) + "flatten"), encoding="utf-8")
    assert main(["check", "many.cnn"]) == 1
    out = capsys.readouterr().out
    assert out.count("error[") == MAX_SHOWN
    assert "... and 7 more" in out


def test_a_file_cannot_steer_the_terminal(capsys) -> None:
    Path("bell.cnn").write_text(GOOD.replace("flatten", "flatten \x1b[2J\x07"), encoding="utf-8")
    assert main(["check", "bell.cnn"]) == 1
    out = capsys.readouterr().out
    assert "\x1b" not in out
    assert "\x07" not in out
    assert "\\x1b" in out


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (None, "E0001"),
        (b"\xff\xfe", "E0002"),
        (b"#" * (MAX_SOURCE + 1), "E0901"),
        (b"", "E0210"),
    ],
)
def test_what_is_no_spec_is_told_without_a_traceback(content: bytes | None, code: str, capsys) -> None:
    if content is not None:
        Path("odd.cnn").write_bytes(content)
    assert main(["check", "odd.cnn"]) == 1
    assert f"error[{code}]" in capsys.readouterr().out


def test_a_folder_is_not_a_spec_for_other_commands(capsys) -> None:
    os.mkdir("folder")
    assert main(["summary", "folder"]) == 1
    assert "error[E0001]" in capsys.readouterr().err


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_tabs_and_a_byte_order_mark_do_not_matter(line_end: str, capsys) -> None:
    text = "\ufeff" + BAD.replace("    ", "\t").replace("\n", line_end)
    Path("other.cnn").write_bytes(text.encode())
    assert main(["check", "other.cnn"]) == 1
    out = capsys.readouterr().out
    assert " --> other.cnn:3:2\n" in out
    assert "3 |     flaten\n  |     ^^^^^^ did you mean" in out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["summary", "zoo:nothing"], "E0007"),
        (["summary", "good.cnn", "--set", "classes=3"], "E0214"),
        (["summary", "good.cnn", "--set", "classes"], "E0214"),
        (["summary", "zoo:lenet5", "--set", "classes=0"], "E0207"),
        (["summary", "zoo:lenet5", "--set", "classes=(1"], "E0102"),
        (["summary", "zoo:lenet5", "--set", "clases=3"], "E0214"),
        (["summary", "good.cnn", "--network", "Other"], "E0210"),
        (["new", "good.cnn"], "E0004"),
        (["new", "missing/new.cnn"], "E0003"),
        (["train", "good.cnn"], "E0403"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else value,
)
def test_other_commands_refuse_with_a_code_on_standard_error(arguments: list[str], code: str, capsys) -> None:
    assert main(arguments) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert f"error[{code}]" in captured.err
    assert captured.err.count("error[") == 1


@pytest.mark.parametrize("arguments", [[], ["chekc", "good.cnn"], ["summary"], ["check", "good.cnn", "--no-such"]])
def test_wrong_usage_is_2(arguments: list[str], capsys) -> None:
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert "Traceback" not in captured.err


def test_a_misspelt_command_is_suggested(capsys) -> None:
    assert main(["chekc"]) == 2
    assert "did you mean `check`?" in capsys.readouterr().err


@pytest.mark.parametrize(
    "arguments",
    [("zoo:vgg_base_dim",), ("zoo:mnist_cnn", "--input", "1x60x60"), ("zoo:resnet20", "--set", "classes=5")],
)
def test_what_is_asked_for_may_not_fit_the_data_of_the_spec(arguments: tuple[str, ...], capsys) -> None:
    assert main(["check", *arguments]) == 0
    assert main(["train", *arguments, "--data-dir", "nowhere"]) == 1
    assert "E0413" in capsys.readouterr().err
