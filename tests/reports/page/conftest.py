"""A browser for the tests of pages, and pages to open in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import cnndsl
from cnndsl.reports.diagram.page import render_page
from tests.support.chromium import Browser, Page, find_chromium
from tests.support.pages import opened


@cache
def rendered(spec: str) -> bytes:
    model = cnndsl.load(spec)
    return render_page(model.graph, model.checked.source)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    program = find_chromium()
    if program is None:
        pytest.skip("no Chromium on the path (Debian: apt install chromium; or set CHROMIUM)")
    with Browser(program) as started:
        yield started


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Callable[..., Page]:
    """Opens the page of a spec, and checks at the end that it asked for nothing and complained of nothing."""
    pages: list[Page] = []

    def open_(spec: str, **view: Any) -> Page:
        file = tmp_path / "net.html"
        file.write_bytes(rendered(spec))
        pages.append(opened(browser, file, **view))
        return pages[-1]

    yield open_
    for page in pages:
        assert page.requests == []
        assert page.complaints == []
        assert page.dialogs == []
        page.close()
