"""A spec that would run a script in the page of its reader: nothing in it runs, and all of it is shown as it stands."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

import cnndsl
from cnndsl.reports.diagram.page import render_page
from cnndsl.source import Source
from tests.support.chromium import Browser
from tests.support.pages import network_in, opened

EVIL = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    "]]><!--<script>",
    "<img src=x onerror=alert(3)>",
    "\"'><svg/onload=alert(4)>",
    "&lt;b&gt;&amp;{{script}}{{data}}",
    "\u2028alert(5)\u2029",
    "\x00\x07\x1b[31m\x7f\u202e",
    "javascript:alert(6)//",
    "\\u003cscript\\u003e${alert(7)}`",
    "__proto__",
    "W" * 5000,
)

SPEC = """\
## <script>alert("title")</script> </title></style> {{script}} & "quoted"
block evil(text = "<img src=x onerror=alert(8)>") {
    # </script><script>alert("comment")</script> <!-- ]]> \u2028 \t tab
    conv 4 3x3 pad=1 | bn | relu
    conv 4 3x3 pad=1 | relu
}
network Evil(note = "</script><script>alert(9)</script>") {
    input 3x8x8
    evil text="'><svg/onload=alert(10)>"
    evil
    flatten
    dense 2
}
"""


@cache
def hostile_page() -> bytes:
    """The page of a spec that is hostile, with names in its graph that are worse than any that the language lets through."""
    model = cnndsl.check_text(SPEC)
    graph = model.require_graph()
    graph.name = EVIL[1]
    for number, node in enumerate(graph.nodes):
        node.path = f"{EVIL[number % len(EVIL)]}.{EVIL[(number + 3) % len(EVIL)]}"
        if node.block is not None:
            node.block.path, node.block.name, node.block.settings = EVIL[0], EVIL[3], dict(zip(EVIL, EVIL, strict=True))
    source = Source("</h2><script>alert(11)</script>.cnn", "\n".join((SPEC, *EVIL)))
    return render_page(graph, source)


@pytest.mark.parametrize("scripts", [True, False])
def test_nothing_runs(browser: Browser, tmp_path: Path, scripts: bool) -> None:
    file = tmp_path / "net.html"
    file.write_bytes(hostile_page())
    page = opened(browser, file, scripts=scripts)
    if scripts:
        page.press("e", "/")
        page.write("script")
        page.press("Enter", "Enter")
        page.evaluate("document.querySelectorAll('.node').forEach((each) => each.focus())")
    elements = "[...document.querySelectorAll('script, img, iframe, object, embed, link, base, [onload], [onerror]')]"
    if scripts:
        assert page.evaluate(f"{elements}.map((each) => each.tagName)") == ["SCRIPT", "SCRIPT"]
        assert page.evaluate("document.querySelectorAll('.node').length") > 3
        shown = page.evaluate("document.getElementById('source').textContent")
        assert all(text in shown for text in ("<script>alert(1)</script>", "<img src=x onerror=alert(3)>", "__proto__"))
    assert page.dialogs == []
    assert page.requests == []
    assert page.complaints == []
    page.close()


def test_nothing_breaks_out_of_its_element() -> None:
    page = hostile_page().decode()
    assert page.count("<script") == page.count("</script") == 2
    assert page.count("<style") == page.count("</style") == 1
    assert page.count("<title>") == 1
    assert page.count("</title") == 1
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\u2028\u2029\u202e]", page)


def test_the_network_is_read_back_as_it_was() -> None:
    parts = network_in(hostile_page().decode())["parts"]
    assert any("<script>alert(1)</script>" in part.get("path", "") for part in parts)


def test_long_names_hang_over_no_side(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "net.html"
    file.write_bytes(hostile_page())
    page = opened(browser, file, width=390, height=844)
    page.press("e")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()
