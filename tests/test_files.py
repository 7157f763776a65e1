"""Writing files: all or nothing."""

from __future__ import annotations

import os

import pytest

from cnndsl.diagnostics import DiagnosticError
from cnndsl.files import write_atomically


def test_a_file_is_written_and_replaced(tmp_path):
    path = tmp_path / "a.svg"
    write_atomically(str(path), b"one")
    write_atomically(str(path), b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(tmp_path) == ["a.svg"]


def test_permissions_are_those_of_any_new_file(tmp_path):
    (tmp_path / "usual").write_bytes(b"")
    write_atomically(str(tmp_path / "ours"), b"")
    assert (tmp_path / "ours").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("path", ["missing/a.svg", "folder", "a\0b"])
def test_a_refusal_has_a_code_and_leaves_nothing(tmp_path, path):
    (tmp_path / "folder").mkdir()
    with pytest.raises(DiagnosticError) as caught:
        write_atomically(str(tmp_path / path), b"one")
    assert [item.kind.code for item in caught.value.diagnostics] == ["E0003"]
    assert os.listdir(tmp_path) == ["folder"]


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
def test_a_link_goes_on_pointing_where_it_did(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    write_atomically(str(link), b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(not os.path.exists("/dev/null"), reason="no such device here")
def test_a_device_is_written_to_and_stays_one():
    write_atomically("/dev/null", b"gone")
    assert not os.path.isfile("/dev/null")
