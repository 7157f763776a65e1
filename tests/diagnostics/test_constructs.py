"""Every construct of the language misused: a wrong spec and the rendered text for each, in constructs/.

Each file says in its first line which mistakes it has and where. One mistake gives one error, in the line that is to blame;
inside a block, the error shows the calls that led there.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cnndsl.diagnostics.text import render
from cnndsl.reading import read_spec

from .goldens import FOLDER, check, expected, found

CONSTRUCTS = FOLDER / "constructs"
SPECS = sorted(CONSTRUCTS.glob("*.cnn"))


@pytest.fixture(autouse=True)
def _in_the_folder(monkeypatch):
    monkeypatch.chdir(CONSTRUCTS)


def test_there_are_many() -> None:
    assert len(SPECS) >= 150


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_one_mistake_gives_one_error(path: Path) -> None:
    mistakes = expected(path)
    assert len(mistakes) == 1
    assert found(check(path).diagnostics) == mistakes


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_words(path: Path, golden) -> None:
    text = "\n".join(render(item) for item in check(path).diagnostics)
    golden(str(path.with_suffix(".txt")), text.replace("used\\", "used/"))


def test_an_error_inside_a_block_shows_the_calls_that_led_there() -> None:
    (item,) = check(CONSTRUCTS / "error_inside_a_block.cnn").diagnostics
    assert item.primary.span.text == "kernel"
    calls = [(label.text, label.span.text) for label in item.secondary if "call" in label.text]
    assert calls == [("in this call of `stem`", "stem channels 7x7"), ("in this call of `body`", "body 16")]


SPEC = 'use unit from "{}"\n\nnetwork Wrong {{\n    input 3x8x8\n    unit 8\n}}\n'
BLOCK = "block unit(channels) { conv channels 1x1 }\n"


def used(folder: Path, wanted: str) -> list[str]:
    """The codes of a spec in this folder that uses a path."""
    spec = folder / "spec.cnn"
    spec.write_text(SPEC.format(wanted), encoding="utf-8")
    source, _ = read_spec(str(spec))
    return [item.kind.code for item in check(spec, source.text).diagnostics]


@pytest.fixture
def tree(tmp_path, monkeypatch) -> Path:
    """A folder for the spec, inside another that holds a block that it may not reach."""
    (tmp_path / "outside.cnn").write_text(BLOCK, encoding="utf-8")
    inside = tmp_path / "inside"
    inside.mkdir()
    monkeypatch.chdir(inside)
    return inside


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_may_not_leave_the_tree(tree) -> None:
    (tree / "link.cnn").symlink_to(tree.parent / "outside.cnn")
    assert used(tree, "link.cnn") == ["E0215"]
    (tree / "folder").symlink_to(tree.parent)
    assert used(tree, "folder/outside.cnn") == ["E0215"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_link_inside_the_tree_is_fine(tree) -> None:
    (tree / "block.cnn").write_text(BLOCK, encoding="utf-8")
    (tree / "link.cnn").symlink_to(tree / "block.cnn")
    assert used(tree, "link.cnn") == []


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices")
def test_a_device_is_not_read(tree) -> None:
    (tree / "device.cnn").symlink_to("/dev/zero")
    assert used(tree, "device.cnn") == ["E0215"]
    assert used(tree, "/dev/zero") == ["E0215"]


@pytest.mark.skipif(sys.platform == "win32", reason="no named pipes in the file system")
def test_a_pipe_is_not_waited_for(tree) -> None:
    import os

    os.mkfifo(tree / "pipe.cnn")
    assert used(tree, "pipe.cnn") == ["E0001"]


@pytest.mark.parametrize("wanted", ["../outside.cnn", "sub/../../outside.cnn", "..\\\\outside.cnn", "C:block.cnn", ""])
def test_a_path_goes_down_only(tree, wanted) -> None:
    assert used(tree, wanted) == ["E0215"]


def test_an_absolute_path_is_refused(tree) -> None:
    (tree / "block.cnn").write_text(BLOCK, encoding="utf-8")
    assert used(tree, (tree / "block.cnn").as_posix()) == ["E0215"]


def test_a_used_file_is_measured_before_it_is_read(tree) -> None:
    (tree / "large.cnn").write_text("#" * 300_000, encoding="utf-8")
    assert used(tree, "large.cnn") == ["E0901"]


def test_a_used_file_is_text(tree) -> None:
    (tree / "binary.cnn").write_bytes(b"block \xff {}")
    assert used(tree, "binary.cnn") == ["E0002"]


@pytest.mark.parametrize(("files", "codes"), [(15, []), (17, ["E0902"])])
def test_files_use_each_other_to_a_depth(tree, files, codes) -> None:
    for index in range(files - 1):
        link = f'use unit from "{index + 1}.cnn"\n\nblock other{index}(channels) {{ unit channels }}\n'
        (tree / f"{index}.cnn").write_text(link, encoding="utf-8")
    (tree / f"{files - 1}.cnn").write_text(BLOCK, encoding="utf-8")
    spec = SPEC.replace("use unit", "use other0").replace("    unit 8", "    other0 8")
    (tree / "spec.cnn").write_text(spec.format("0.cnn"), encoding="utf-8")
    source, _ = read_spec("spec.cnn")
    assert [item.kind.code for item in check(Path("spec.cnn"), source.text).diagnostics] == codes
