"""Files that a spec uses: which of them it may reach, and what they may be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from cnndsl.api import check_source
from cnndsl.reading import read_spec
from cnndsl.source import Source

SPEC = 'use unit from "{}"\n\nnetwork Wrong {{\n    input 3x8x8\n    unit 8\n}}\n'
BLOCK = "block unit(channels) { conv channels 1x1 }\n"


def used(folder: Path, wanted: str) -> list[str]:
    """The codes of a spec in this folder that uses a path."""
    spec = folder / "spec.cnn"
    spec.write_text(SPEC.format(wanted), encoding="utf-8")
    return codes_of(spec)


def codes_of(spec: Path) -> list[str]:
    source, _ = read_spec(str(spec))
    return [item.kind.code for item in check_source(Source(spec.name, source.text, spec.name)).diagnostics]


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
    assert codes_of(Path("spec.cnn")) == codes
