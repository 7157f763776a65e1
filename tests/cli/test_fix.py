"""``cnndsl check --fix``: what is written, what is never written, and what is said."""

from __future__ import annotations

import io
import json
import os
import stat
import sys
from pathlib import Path

import pytest

from cnndsl.cli.main import main

BAD = "network Bad {\n    input 1x4x4\n    flaten\n    dense 3, bias=false\n}\n"
GOOD = "network Bad {\n    input 1x4x4\n    flatten\n    dense 3 bias=false\n}\n"
HALF = BAD.replace("dense 3,", "dense 0")


@pytest.fixture(autouse=True)
def _folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NO_COLOR", "1")
    Path("bad.cnn").write_bytes(BAD.encode())


def test_it_fixes_the_file_and_says_what(capsys) -> None:
    assert main(["check", "--fix", "bad.cnn"]) == 0
    assert Path("bad.cnn").read_text() == GOOD
    out = capsys.readouterr().out
    assert "fixed bad.cnn:3: write `flatten`\nfixed bad.cnn:4: remove `,`\n" in out
    assert out.endswith("bad.cnn: clean; Bad: 1x4x4 -> 3, 48 parameters\n")
    written = os.stat("bad.cnn").st_mtime_ns
    assert main(["check", "--fix", "bad.cnn"]) == 0
    assert "fixed" not in capsys.readouterr().out
    assert os.stat("bad.cnn").st_mtime_ns == written


def test_what_is_left_is_shown(capsys) -> None:
    Path("half.cnn").write_text(HALF)
    assert main(["check", "--fix", "half.cnn"]) == 1
    out = capsys.readouterr().out
    assert "error[E0207]" in out
    assert out.endswith("half.cnn: 1 error\n")
    assert Path("half.cnn").read_text() == GOOD.replace("dense 3", "dense 0")


def test_the_change_can_be_seen_first(capsys) -> None:
    assert main(["check", "--fix", "--diff", "bad.cnn"]) == 1
    captured = capsys.readouterr()
    assert "-    flaten\n" in captured.out
    assert "+    flatten\n" in captured.out
    assert "would fix bad.cnn:3" in captured.err
    assert Path("bad.cnn").read_text() == BAD
    Path("good.cnn").write_text(GOOD)
    assert main(["check", "--fix", "--diff", "good.cnn"]) == 0
    assert capsys.readouterr().out == ""


def test_standard_input_goes_to_standard_output(capsysbinary, monkeypatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(BAD.encode())))
    assert main(["check", "--fix", "-"]) == 0
    captured = capsysbinary.readouterr()
    assert captured.out == GOOD.encode()
    assert b"fixed <stdin>:3" in captured.err


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_line_ends_and_a_byte_order_mark_survive(mark: str, line_end: str) -> None:
    Path("bad.cnn").write_bytes((mark + BAD.replace("\n", line_end)).encode())
    assert main(["check", "--fix", "bad.cnn"]) == 0
    assert Path("bad.cnn").read_bytes() == (mark + GOOD.replace("\n", line_end)).encode()


@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_container_over_several_lines_keeps_its_line_ends(line_end: str) -> None:
    layers = "nn.Sequential(\n        nn.Flatten(),  # why\n        nn.Linear(64, 3),\n    )"
    text = f"network N {{\n    input 1x8x8\n    {layers}\n}}\n"
    Path("bad.cnn").write_bytes(text.replace("\n", line_end).encode())
    assert main(["check", "--fix", "bad.cnn"]) == 0
    wanted = "network N {\n    input 1x8x8\n    seq {\n        flatten  # why\n        dense 3\n    }\n}\n"
    assert Path("bad.cnn").read_bytes() == wanted.replace("\n", line_end).encode()


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_goes_on_pointing_where_it_did() -> None:
    os.symlink("bad.cnn", "link.cnn")
    assert main(["check", "--fix", "link.cnn"]) == 0
    assert Path("link.cnn").is_symlink()
    assert Path("bad.cnn").read_text() == GOOD


@pytest.mark.skipif(sys.platform == "win32", reason="other permissions there")
def test_permissions_survive_and_a_read_only_file_is_not_written(capsys) -> None:
    os.chmod("bad.cnn", 0o640)
    assert main(["check", "--fix", "bad.cnn"]) == 0
    assert stat.S_IMODE(os.stat("bad.cnn").st_mode) == 0o640
    Path("protected.cnn").write_text(BAD)
    os.chmod("protected.cnn", 0o444)
    assert main(["check", "--fix", "protected.cnn"]) == 1
    assert "error[E0003]: cannot write `protected.cnn`" in capsys.readouterr().out
    assert Path("protected.cnn").read_text() == BAD


def test_used_files_and_the_zoo_are_never_written(capsys) -> None:
    Path("blocks.cnn").write_text("block unit() {\n    flaten\n}\n")
    Path("bad.cnn").write_text('use unit from "blocks.cnn"\n\nnetwork N {\n    input 1x4x4\n    unit\n    dnse 3\n}\n')
    assert main(["check", "--fix", "bad.cnn"]) == 1
    assert Path("blocks.cnn").read_text() == "block unit() {\n    flaten\n}\n"
    assert "    dense 3\n" in Path("bad.cnn").read_text()
    assert main(["check", "--fix", "zoo:lenet5"]) == 0


def test_formats_for_programs_stay_alone_on_standard_output(capsys) -> None:
    Path("half.cnn").write_text(HALF)
    assert main(["check", "--fix", "--format", "json", "half.cnn"]) == 1
    captured = capsys.readouterr()
    assert [item["code"] for item in json.loads(captured.out)["diagnostics"]] == ["E0207"]
    assert "fixed half.cnn:3" in captured.err


def test_sarif_and_github_are_printed(capsys) -> None:
    assert main(["check", "--format", "sarif", "bad.cnn"]) == 1
    assert json.loads(capsys.readouterr().out)["version"] == "2.1.0"
    assert main(["check", "--format", "github", "bad.cnn"]) == 1
    assert capsys.readouterr().out.startswith("::error file=bad.cnn,line=3,col=5,endLine=3,endColumn=11,title=E0201 ")


def test_diff_belongs_to_fix(capsys) -> None:
    assert main(["check", "--diff", "bad.cnn"]) == 2
    assert "give both" in capsys.readouterr().err


def test_a_missing_file_is_an_error_and_the_next_is_fixed(capsys) -> None:
    assert main(["check", "--fix", "missing.cnn", "bad.cnn"]) == 1
    assert "error[E0001]" in capsys.readouterr().out
    assert Path("bad.cnn").read_text() == GOOD


def test_the_layers_are_listed_and_told(capsys) -> None:
    assert main(["layers"]) == 0
    assert "  conv " in capsys.readouterr().out
    assert main(["layers", "conv"]) == 0
    assert "`out_channels` (first)" in capsys.readouterr().out
    assert main(["layers", "conv", "--format", "json"]) == 0
    (layer,) = json.loads(capsys.readouterr().out)["layers"]
    assert layer["positional"] == ["out_channels", "kernel_size"]
    assert main(["layers", "Conv2D"]) == 2
    assert "did you mean `conv`?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "words"), [("model.py", "cnndsl import model.py -o model.cnn"), ("net.cfg", "cnndsl import")]
)
def test_a_model_of_another_framework_is_not_a_spec(name: str, words: str, capsys) -> None:
    Path(name).write_text("conv 8 3\n")
    assert main(["check", "--fix", name]) == 1
    assert words in capsys.readouterr().out
    assert Path(name).read_text() == "conv 8 3\n"


def test_a_file_that_is_not_a_spec_stays_as_it_is(capsys) -> None:
    text = "network A {\n    input 1x8x8\n    konv 8 3x3\n}\n"
    Path("notes.md").write_text(text)
    assert main(["check", "--fix", "notes.md"]) == 1
    assert "does not end in .cnn" in capsys.readouterr().out
    assert Path("notes.md").read_text() == text
