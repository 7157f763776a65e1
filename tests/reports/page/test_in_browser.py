"""The page in a real browser: everything that a reader does with mouse, keyboard, and a reader of the screen."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from cnndsl.reports.diagram.palette import THEMES
from tests.support.chromium import Page

OpenPage = Callable[..., Page]

SIZES = ((1280, 800), (390, 844))
FOCUSED = "document.activeElement.id"


def boxes(page: Page) -> list[str]:
    return list(page.evaluate("[...document.querySelectorAll('#picture .node')].map((each) => each.id)"))


def expanded(page: Page, id_: str) -> str:
    return str(page.evaluate(f"document.getElementById('{id_}').getAttribute('aria-expanded')"))


def marked_lines(page: Page) -> list[str]:
    return list(page.evaluate("[...document.querySelectorAll('.line.marked')].map((each) => each.id)"))


def marked_boxes(page: Page) -> list[str]:
    return list(page.evaluate("[...document.querySelectorAll('.node.marked')].map((each) => each.id)"))


def is_seen(page: Page, selector: str) -> bool:
    """Whether an element lies in what is shown of the pane or picture that scrolls it."""
    return bool(
        page.evaluate(
            f"""(() => {{ const element = document.querySelector('{selector}'), box = element.getBoundingClientRect();
            const room = element.closest('#picture, #source').getBoundingClientRect();
            return box.top >= room.top - 1 && box.bottom <= room.bottom + 1; }})()"""
        )
    )


def test_a_click_opens_a_block_and_shuts_it(open_page: OpenPage) -> None:
    page = open_page("zoo:resnet50")
    before = boxes(page)
    assert "block-layer1.0" in before
    page.point("#block-layer1\\.0", click=True)
    inside = ["conv1", "conv2", "conv3", "downsample.0"]
    assert set(boxes(page)) > {f"layer-layer1.0.{name}" for name in inside}
    assert expanded(page, "block-layer1.0") == "true"
    page.point("#block-layer1\\.0 .handle", click=True)
    assert boxes(page) == before
    assert expanded(page, "block-layer1.0") == "false"


def test_every_block_opens_and_shuts_at_once(open_page: OpenPage) -> None:
    page = open_page("zoo:googlenet")
    first = boxes(page)
    page.point("#expand", click=True)
    assert len(boxes(page)) == 84
    page.press("c")
    assert boxes(page) == first
    page.press("e", "r")
    assert boxes(page) == first


def test_an_opened_block_stays_under_the_pointer(open_page: OpenPage) -> None:
    page = open_page("zoo:densenet121")
    handle = "document.querySelector('#block-features\\\\.transition3 .handle')"
    where = f"(() => {{ const {{ x, y }} = {handle}.getBoundingClientRect(); return [x, y]; }})()"
    page.press("e")
    page.press("+", "+", "+")  # larger than its window, so that it can move to both sides
    page.evaluate(f"{handle}.scrollIntoView({{ block: 'center', inline: 'center' }})")
    before = page.evaluate(where)
    page.evaluate(
        "document.getElementById('block-features.transition3').dispatchEvent(new Event('click', {bubbles: true}))"
    )
    assert page.evaluate(where) == pytest.approx(before, abs=1)
    assert expanded(page, "block-features.transition3") == "false"


def test_hover_tells_formula_shapes_and_cost(open_page: OpenPage) -> None:
    page = open_page("zoo:lenet5")
    assert page.evaluate("document.getElementById('card').hidden")
    page.point("#layer-c3")
    card = page.evaluate("document.getElementById('card').innerText")
    for fact in (
        "conv 16 5x5",
        "floor((14 - 5 + 2*0)/1 + 1) = 10",
        "6x14x14",
        "16x10x10",
        "14x14, stride 2",
        "2,416 (3.9 %",
        "240,000 (57.6 %",
    ):
        assert fact in card
    page.point("h1")
    assert page.evaluate("document.getElementById('card').hidden")


def test_focus_tells_the_same(open_page: OpenPage) -> None:
    page = open_page("zoo:lenet5")
    page.evaluate("document.getElementById('input').focus()")
    page.press("ArrowDown")
    assert page.evaluate(FOCUSED) == "layer-c1"
    assert "floor((32 - 5 + 2*0)/1 + 1) = 28" in page.evaluate("document.getElementById('card').innerText")


def test_a_click_on_a_box_leads_to_its_line(open_page: OpenPage) -> None:
    page = open_page("zoo:resnet50")
    page.point("#layer-fc", click=True)
    (line,) = marked_lines(page)
    assert "fc: dense classes" in page.evaluate(f"document.getElementById('{line}').innerText")
    assert is_seen(page, f"#{line}")


def test_a_click_on_a_box_leads_to_another_file(open_page: OpenPage) -> None:
    page = open_page("zoo:resnet50")
    page.point("#block-layer1\\.0", click=True)
    page.point("#layer-layer1\\.0\\.conv2", click=True)
    (line,) = marked_lines(page)
    assert line.startswith("S1L")
    assert "conv2: conv" in page.evaluate(f"document.getElementById('{line}').innerText")
    assert is_seen(page, f"#{line}")


def test_a_click_on_a_line_marks_its_boxes(open_page: OpenPage) -> None:
    page = open_page("zoo:vgg16")
    number = page.evaluate("[...document.querySelectorAll('.line')].find((e) => e.innerText.includes('pad=same')).id")
    page.point(f"#{number} span", click=True)
    assert marked_lines(page) == [number]
    assert len(marked_boxes(page)) == 13
    assert all("conv" in page.evaluate(f"document.getElementById('{box}').textContent") for box in marked_boxes(page))
    page.press("Escape")
    assert marked_lines(page) == marked_boxes(page) == []


def test_search_finds_what_is_hidden(open_page: OpenPage) -> None:
    page = open_page("zoo:resnet50")
    page.press("/")
    assert page.evaluate(FOCUSED) == "search"
    page.write("conv 512x7x7")
    assert "in collapsed blocks" in page.evaluate("document.getElementById('found').innerText")
    page.press("Enter")
    assert page.evaluate("document.querySelector('.current-match').id") == "layer-layer4.0.conv2"
    assert page.evaluate("document.getElementById('found').innerText").startswith("1 of ")
    assert is_seen(page, ".current-match")
    page.press("Escape")
    assert page.evaluate(FOCUSED) == "layer-layer4.0.conv2"
    assert page.evaluate("document.querySelectorAll('.match').length") == 0


def test_search_by_kind_shape_and_name(open_page: OpenPage) -> None:
    page = open_page("zoo:lenet5")
    for words, found in (("dense", 2), ("pooling", 2), ("120x1x1", 2), ("C3", 1), ("nowhere", 0)):
        page.evaluate("document.getElementById('search').select()")
        page.write(words)
        assert page.evaluate("document.querySelectorAll('.node.match').length") == found, words


def test_arrows_walk_along_the_lines(open_page: OpenPage) -> None:
    page = open_page("zoo:resnet50")
    page.evaluate("document.getElementById('input').focus()")
    walked = []
    for _ in range(4):
        page.press("ArrowDown")
        walked.append(page.evaluate(FOCUSED))
    assert walked == ["layer-conv1", "layer-3", "block-layer1", "block-layer1.0"]
    page.press("ArrowUp", "ArrowUp")
    assert page.evaluate(FOCUSED) == "layer-3"
    page.press("End")
    assert page.evaluate(FOCUSED) == "output"
    page.press("Home")
    assert page.evaluate(FOCUSED) == "input"


def test_keys_open_walk_in_and_shut(open_page: OpenPage) -> None:
    page = open_page("zoo:googlenet")
    page.evaluate("document.getElementById('block-inception3a').focus()")
    page.press("Enter")
    assert expanded(page, "block-inception3a") == "true"
    assert page.evaluate(FOCUSED) == "block-inception3a"
    page.press("ArrowDown")
    assert page.evaluate(FOCUSED) == "layer-inception3a.branch1.conv"
    page.press("ArrowRight")
    assert page.evaluate(FOCUSED) == "layer-inception3a.branch2.0.conv"
    page.press("ArrowDown", "ArrowDown")
    assert page.evaluate(FOCUSED) == "layer-inception3a"
    page.press("Backspace")
    assert expanded(page, "block-inception3a") == "false"
    assert page.evaluate(FOCUSED) == "block-inception3a"


def test_help_opens_and_closes_by_key(open_page: OpenPage) -> None:
    page = open_page("zoo:lenet5")
    page.press("?")
    assert page.evaluate("document.getElementById('help').open")
    page.press("Escape")
    assert not page.evaluate("document.getElementById('help').open")


def test_boxes_have_names_for_readers_of_the_screen(open_page: OpenPage) -> None:
    page = open_page("zoo:resnet50")
    roles = page.roles()
    buttons = {name: properties for role, name, properties in roles if role == "button"}
    conv = "conv 64 7x7, stride 2, pad 3, no bias, then bn and relu, output 64x112x112, 9,536 parameters, named conv1"
    block = "bottleneck, channels=64, output 256x56x56, 70,400 parameters, 2 in a row, named layer1.1"
    assert conv in buttons
    assert buttons[block]["expanded"] is False
    assert next(value for name, value in buttons.items() if name.startswith("layer1"))["expanded"] is True
    assert "" not in buttons
    named = {role: name for role, name, _ in roles if role in ("toolbar", "searchbox", "combobox", "heading")}
    assert named.keys() == {"toolbar", "searchbox", "combobox", "heading"}
    assert all(named.values())


def test_one_box_at_a_time_is_in_the_way_of_tab(open_page: OpenPage) -> None:
    page = open_page("zoo:resnet50")
    assert page.evaluate("[...document.querySelectorAll('#picture [tabindex=\"0\"]')].map((each) => each.id)") == [
        "input"
    ]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["lenet5", "densenet121"])
def test_nothing_hangs_over_the_side(open_page: OpenPage, size: tuple[int, int], name: str) -> None:
    page = open_page(f"zoo:{name}", width=size[0], height=size[1])
    page.press("e")
    page.evaluate("document.querySelector('#picture .node:nth-child(3)').focus()")
    assert page.evaluate("document.documentElement.scrollWidth") == size[0]


def rgb(color: str) -> str:
    return f"rgb({', '.join(str(byte) for byte in bytes.fromhex(color[1:]))})"


def test_light_and_dark(open_page: OpenPage) -> None:
    page = open_page("zoo:lenet5")
    paper = "getComputedStyle(document.body).backgroundColor"
    fill = "getComputedStyle(document.querySelector('.conv .body')).fill"
    light = (page.evaluate(paper), page.evaluate(fill))
    page.emulate(prefers_color_scheme="dark")
    dark = (page.evaluate(paper), page.evaluate(fill))
    for name, shown in (("light", light), ("dark", dark)):
        assert shown == (rgb(THEMES[name].paper), rgb(THEMES[name].kinds["conv"].fill))
    page.press("t")
    assert (page.evaluate(paper), page.evaluate(fill)) == light
    page.emulate(prefers_color_scheme="light")
    page.press("t")
    assert (page.evaluate(paper), page.evaluate(fill)) == dark
    page.emulate("print")
    assert (page.evaluate(paper), page.evaluate(fill)) == light


def test_heat_colours_by_share(open_page: OpenPage) -> None:
    page = open_page("zoo:lenet5")
    page.evaluate("(() => { const list = document.getElementById('colour'); list.value = '0';"
                  " list.dispatchEvent(new Event('change')); })()")  # fmt: skip
    assert "78.0 %" in page.evaluate("document.getElementById('layer-c5').textContent")
    assert page.evaluate("document.querySelector('#layer-c5 .body').classList.contains('heat4')")
    assert page.evaluate("document.getElementById('kinds').hidden")


def test_zoom(open_page: OpenPage) -> None:
    page = open_page("zoo:lenet5")
    width = "document.querySelector('#picture > svg').getBoundingClientRect().width"
    before = page.evaluate(width)
    page.press("+")
    assert page.evaluate(width) == pytest.approx(1.25 * before, rel=1e-3)
    page.press("0")
    assert page.evaluate(width) == pytest.approx(before, rel=1e-3)


def test_an_address_leads_to_a_box_and_to_a_line(open_page: OpenPage) -> None:
    page = open_page("zoo:resnet50", address="#layer-layer4.0.conv2")
    assert page.evaluate(FOCUSED) == "layer-layer4.0.conv2"
    assert len(marked_lines(page)) == 1
    assert marked_lines(open_page("zoo:resnet50", address="#S0L22")) == ["S0L22"]


def test_without_scripts_there_are_picture_and_source(open_page: OpenPage) -> None:
    page = open_page("zoo:resnet50", scripts=False)
    words = [name for role, name, _ in page.roles() if role in ("StaticText", "image", "img")]
    assert "25,557,032 parameters" in words
    assert "fc: dense classes" in "".join(words)
    assert any(word.startswith("ResNet, 25,557,032 parameters") for word in words)
    assert "Expand all" not in words
