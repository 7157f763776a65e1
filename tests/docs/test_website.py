"""The website is built without a warning, and has the pages that people come for."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from .fences import DOCS


@pytest.mark.skipif(find_spec("zensical") is None, reason="zensical is not installed: pip install -e '.[dev]'")
def test_it_is_built_without_a_warning(tmp_path) -> None:
    command = [sys.executable, str(DOCS / "website.py"), str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "No issues found" in done.stderr
    for page in ("tutorial", "how-to/import", "reference/python", "errors/E0303", "errors/W0502", "specs/resnet"):
        assert (tmp_path / "site" / page / "index.html").is_file(), page
    shown = (tmp_path / "site" / "language" / "index.html").read_text(encoding="utf-8")
    assert "in=3x32x32" not in shown
