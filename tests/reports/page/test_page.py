"""The bytes of a page: what it may load, what it weighs, what is in it for a reader without scripts."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from html import unescape
from pathlib import Path

import pytest

import cnndsl
from cnndsl.cli.main import main
from cnndsl.reports.diagram.page import render_page
from tests.support.pages import network_in

SPECS = sorted((Path(__file__).parents[3] / "specs").glob("*.cnn"))
MOST = 200_000


def page_of(spec: str) -> str:
    model = cnndsl.load(spec)
    return render_page(model.graph, model.checked.source).decode()


def picture_in(page: str) -> str:
    found = re.search(r"<svg .*?</svg>", page, re.DOTALL)
    assert found is not None
    return found[0]


def test_the_words_of_the_source_have_colours() -> None:
    page = page_of("zoo:lenet5")
    for class_, text in (("keyword", "network"), ("operator", "avgpool"), ("number", "6x28x28"), ("contract", "-&gt;")):
        assert f'<b class="{class_}">{text}</b>' in page
    assert '<b class="operator">tanh</b>' in page
    assert '<b class="operator">input</b>' not in page


@pytest.mark.parametrize(
    "spec", [*map(str, SPECS), "zoo:densenet201", "zoo:resnet152"], ids=lambda spec: Path(spec).stem
)
def test_it_weighs_less_than_200_kb_and_its_picture(spec: str) -> None:
    page = page_of(spec)
    assert len(page.encode()) - len(picture_in(page).encode()) < MOST


def test_its_policy_allows_its_own_script_and_style_and_nothing_else() -> None:
    page = page_of("zoo:lenet5")
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', page)
    assert policy is not None
    rules = dict(rule.strip().split(" ", 1) for rule in unescape(policy[1]).split(";"))
    assert rules.keys() == {"default-src", "base-uri", "form-action", "style-src", "script-src", "img-src"}
    assert rules["default-src"] == rules["base-uri"] == rules["form-action"] == "'none'"
    assert rules["img-src"] == "blob:"  # what it makes itself
    assert rules["style-src"] == digest(page, "<style>", "</style>")
    assert rules["script-src"] == digest(page, '<script type="module">', "</script>")


def digest(page: str, begin: str, end: str) -> str:
    text = page.partition(begin)[2].partition(end)[0]
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_it_names_no_address_to_load_from() -> None:
    page = page_of("zoo:resnet50")
    names = {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}
    assert set(re.findall(r"https?://[^\s\"']+", page)) <= names
    assert not re.search(r"\b(?:src|srcset)=|@import|url\(|fetch\(|XMLHttpRequest|innerHTML|outerHTML|eval\(", page)
    assert not re.search(r"<[^>]+ style=", page)


def test_the_same_spec_gives_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import cnndsl, sys; from cnndsl.reports.diagram.page import render_page; m = cnndsl.load('zoo:googlenet');"
    )
    program += "sys.stdout.buffer.write(render_page(m.graph, m.checked.source))"
    runs = [
        subprocess.run([sys.executable, "-c", program], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True)
        for seed in ("1", "2")
    ]
    assert runs[0].stdout == runs[1].stdout
    assert runs[0].stdout.startswith(b"<!doctype html>")


def test_every_line_of_every_source_is_there() -> None:
    page = page_of("zoo:resnet50")
    for number, name in enumerate(("specs/resnet.cnn", "cnndsl/std.cnn")):
        lines = re.findall(
            rf'<div class="line" id="S{number}L(\d+)"><a [^>]*>\1</a><span[^>]*>(.*?)</span></div>', page
        )
        text = "\n".join(unescape(re.sub(r"</?b[^>]*>", "", line)) for _, line in lines)
        assert text == (Path(cnndsl.__file__).parents[1] / name).read_text("utf-8").rstrip("\n")


def test_the_command_writes_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "net.html"
    assert main(["diagram", "zoo:lenet5", "-o", str(file), "--heat", "macs", "--theme", "dark"]) == 0
    page = file.read_text("utf-8")
    assert '<html lang="en" data-theme="dark">' in page
    assert network_in(page)["heat"] == 1
    assert main(["diagram", "zoo:lenet5", "-o", str(file), "--direction", "LR"]) == 2
    assert "html shows boxes from top to bottom" in capsys.readouterr().err
