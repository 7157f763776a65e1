"""What is laid out for a terminal: pages, tables, colours, and pictures that go to standard output."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest

from cnndsl.cli.main import main
from cnndsl.cli.pages import render_page

PAGE = """\
<!-- Made. -->

### conv

Some text with `code`, a [link](page.md) and a
star \\*.

| name | meaning |
| --- | --- |
| `a` | one \\| two |
| `bc` | three |

- first
- second

```cnn failing
conv 6 5x5

relu
```
"""


def test_a_page_is_laid_out() -> None:
    assert render_page(PAGE, 60, color=False).split("\n") == [
        "# conv",
        "",
        "Some text with `code`, a link and a star *.",
        "",
        "name  meaning",
        "`a`   one | two",
        "`bc`  three",
        "",
        "- first",
        "- second",
        "",
        "    conv 6 5x5",
        "",
        "    relu",
        "",
    ]


def test_a_table_too_wide_becomes_records() -> None:
    lines = render_page(PAGE, 16, color=False).split("\n")
    assert lines[lines.index("`a`") :][:4] == ["`a`", "    meaning  one", "             |", "             two"]


def test_colours_are_for_headings_and_code() -> None:
    text = render_page(PAGE, 60, color=True)
    assert "\x1b[1mconv\x1b[0m" in text
    assert "\x1b[36mcode\x1b[0m" in text


@pytest.mark.parametrize("width", [66, 80, 110])
@pytest.mark.parametrize("command", ["zoo", "layers", "summary zoo:resnet18 --depth 1", "layers conv"])
def test_what_is_printed_is_as_wide_as_the_terminal(command: str, width: int, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    main(command.split())
    lines = [line for line in capsys.readouterr().out.splitlines() if not line.startswith("    ")]
    assert max(map(len, lines)) <= width


def test_a_comparison_is_as_wide_as_the_terminal(capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    main(["diff", "zoo:vgg16", "zoo:vgg19"])
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 100


@pytest.mark.parametrize("command", ["zoo", "summary zoo:lenet5", "diff zoo:vgg11 zoo:vgg13"])
def test_headings_and_totals_are_bold_and_rules_grey(command: str, capsys, monkeypatch) -> None:
    monkeypatch.setenv("COLUMNS", "120")
    main(command.split())
    plain = capsys.readouterr().out
    monkeypatch.setenv("FORCE_COLOR", "1")
    main(command.split())
    colored = capsys.readouterr().out
    assert re.sub("\x1b\\[\\d+m", "", colored) == plain
    bold = re.findall("\x1b\\[1m(.*)\x1b\\[0m", colored)
    assert any("parameters" in line for line in bold[:2])
    assert "total" not in plain or "total" in bold[-1]
    assert colored.count("\x1b[90m---") == plain.count("\n---")


def test_a_block_of_std_has_a_page(capsys) -> None:
    assert main(["layers", "bottleneck"]) == 0
    out = capsys.readouterr().out
    assert "Write `use bottleneck from std` at the top of a spec." in out
    assert "    block bottleneck(channels, stride = 1, groups = 1, base_width = 64) {" in out
    assert main(["layers", "botleneck"]) == 2
    assert "did you mean `bottleneck`?" in capsys.readouterr().err


def test_a_picture_to_standard_output(capfdbinary, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["diagram", "zoo:lenet5", "--format", "mmd", "-o", "-"]) == 0
    assert capfdbinary.readouterr().out.startswith(b"---")
    assert main(["explain-shape", "zoo:lenet5", "c3", "-o", "-"]) == 0
    assert b"<svg" in capfdbinary.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_terminal_is_not_flooded_with_dot() -> None:
    if not hasattr(os, "openpty"):
        pytest.skip("no terminals of this kind on this machine")
    terminal, inside = os.openpty()
    command = [sys.executable, "-m", "cnndsl", "diagram", "zoo:lenet5"]
    done = subprocess.run(command, stdout=inside, stderr=subprocess.PIPE, text=True, check=False)
    os.close(inside)
    os.close(terminal)
    assert done.returncode == 2
    assert "name the file to write, as in `-o model.svg`" in done.stderr
