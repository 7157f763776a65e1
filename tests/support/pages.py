"""Pages as their readers have them: opened in a browser until the script has drawn, and the network that stands in one."""

from __future__ import annotations

import base64
import json
import re
import zlib
from pathlib import Path
from typing import Any

from tests.support.chromium import Browser, Page

__all__ = ["network_in", "opened"]


def opened(browser: Browser, file: Path, *, address: str = "", scripts: bool = True, **view: Any) -> Page:
    """The page in a tab; where scripts run, once its picture has taken the place of the printed one."""
    page = browser.open(f"{file}{address}", scripts=scripts, **view)
    if scripts:
        page.wait_for(lambda: not page.evaluate("Boolean(document.getElementById('printed'))"), "the page to draw")
    return page


def network_in(page: str) -> Any:
    """What the script unpacks."""
    found = re.search(r'<script type="application/zlib" id="data">(.*?)</script>', page)
    assert found is not None
    return json.loads(zlib.decompress(base64.b64decode(found[1], validate=True)))
