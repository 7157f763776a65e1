"""Fixtures for all tests."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

# The workers of xdist fill the cores; threads on top of them, over arrays this small, only wait for each other.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

# Tables are as wide as the terminal that the tests run in would say.
os.environ.pop("COLUMNS", None)

# A deadline would fail a test for the load of the machine.
settings.register_profile("cnndsl", deadline=None)
settings.load_profile("cnndsl")

GOLDENS = Path(__file__).parent / "goldens"

Golden = Callable[[str, str | bytes], None]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-goldens", action="store_true", help="write what the tests see into tests/goldens")


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    """Compare a text with the file of this name under tests/goldens, or write it there with --update-goldens."""
    update = request.config.getoption("--update-goldens")

    def check(name: str, actual: str | bytes) -> None:
        text = _text(actual)
        path = GOLDENS / name
        if update:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text.encode())
        assert path.is_file(), f"no golden {name}; look at the output, then run pytest with --update-goldens"
        expected = _text(path.read_bytes())
        assert text == expected, f"golden {name} differs; if it should, run pytest with --update-goldens"

    return check


def _text(content: str | bytes) -> str:
    text = content.decode() if isinstance(content, bytes) else content
    return text.replace("\r\n", "\n")


def pytest_collection_finish() -> None:
    """Python need not look again and again whether the thousands of tests that were collected are still used."""
    gc.collect()
    gc.freeze()
