"""The pictures that a page saves: they stand by themselves and show what the page shows."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from cnndsl.reports.diagram.palette import THEMES
from tests.support.chromium import Browser, Page

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def saved(browser: Browser, open_page: Callable[..., Page], tmp_path: Path) -> Callable[..., bytes]:
    """Saves the picture of a spec after some keys, and gives the file."""

    def save(spec: str, suffix: str, *keys: str) -> bytes:
        folder = tmp_path / "saved"
        browser.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(folder))
        page = open_page(spec)
        page.press(*keys)
        page.point(f"#{suffix}", click=True)
        page.wait_for(lambda: list(folder.glob(f"*.{suffix}")), "the file")
        (file,) = folder.glob(f"*.{suffix}")
        page.wait_for(lambda: file.stat().st_size > 0, "the file to be written")
        assert file.stem == page.evaluate("document.querySelector('#picture').dataset.name").partition(",")[0]
        return file.read_bytes()

    return save


def test_an_svg_stands_by_itself(saved: Callable[..., bytes]) -> None:
    text = saved("zoo:resnet50", "svg", "e").decode()
    root = ElementTree.fromstring(text)
    assert not {"M-3,0H3", "M-3,0H3M0,-3V3"} & {each.get("d") for each in root.iter(f"{SVG}path")}
    assert not re.search(r"var\(|class=|style=|data-|href", text)
    texts = ["".join(each.itertext()) for each in root.iter(f"{SVG}text")]
    assert texts.count("conv 64 3x3") == 2
    assert "conv 64 7x7" in texts
    fills = {each.get("fill") for each in root.iter(f"{SVG}rect")}
    conv = tuple(bytes.fromhex(THEMES["light"].kinds["conv"].fill[1:]))
    assert f"rgb({', '.join(map(str, conv))})" in fills
    assert all(each.get("font-size") for each in root.iter(f"{SVG}text"))


def test_a_png_is_three_times_as_large(saved: Callable[..., bytes]) -> None:
    with Image.open(io.BytesIO(saved("zoo:lenet5", "png"))) as image:
        assert (image.width, image.height) == (3 * 176, 3 * 699)
        assert image.getpixel((1, 1))[:3] == (255, 255, 255)
        colors = {color[:3] for _, color in image.convert("RGB").getcolors(1 << 20)}
        assert tuple(bytes.fromhex(THEMES["light"].kinds["dense"].fill[1:])) in colors
