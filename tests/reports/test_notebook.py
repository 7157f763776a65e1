"""What a notebook shows of a model, and what ``dir`` lists."""

from __future__ import annotations

import re
from base64 import b64decode
from html import unescape

import cnndsl
from cnndsl.api import Model, check_text


def test_a_model_shows_its_picture_and_its_table() -> None:
    shown = cnndsl.load("zoo:lenet5")._repr_mimebundle_()
    assert "<svg" in shown["image/svg+xml"]
    assert shown["text/plain"] == cnndsl.load("zoo:lenet5").summary()
    picture, table = re.fullmatch(r'<img .*base64,(.*)"><pre>(.*)</pre>', shown["text/html"], re.DOTALL).groups()
    assert b64decode(picture).decode() == shown["image/svg+xml"]
    assert unescape(table) == shown["text/plain"]


def test_where_nothing_draws_the_table_is_left(bare_python, tmp_path) -> None:
    code = "import cnndsl; print(*cnndsl.load('zoo:lenet5')._repr_mimebundle_().items())"
    done = bare_python(["-c", code], tmp_path)
    assert done.stdout.startswith("('text/plain', 'LeNet-5")
    assert "svg" not in done.stdout


def test_a_wrong_model_shows_what_is_wrong() -> None:
    wrong = Model(check_text("network Net {\n    input 1x8x8\n    flaten\n}\n"))
    shown = wrong._repr_mimebundle_()
    text = shown["text/plain"]
    assert shown.keys() == {"text/plain", "text/html"}
    assert text.startswith("error[E0201]")
    assert "did you mean `flatten`?" in text


def test_a_spec_without_a_network_says_so() -> None:
    (text,) = Model(check_text("block unit(n) {\n    conv n 3x3\n}\n", "blocks.cnn"))._repr_mimebundle_().values()
    assert text == "`blocks.cnn` has no network"


def test_dir_lists_what_there_is() -> None:
    assert {"load", "Model", "check_text"} <= set(dir(cnndsl))
