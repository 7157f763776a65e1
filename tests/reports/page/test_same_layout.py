"""The script places what is open as pictures are laid out: the two are compared, number by number."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import Any

import pytest

import cnndsl
from cnndsl.ir import Graph
from cnndsl.reports.diagram.heat import figure_for
from cnndsl.reports.diagram.layout import lay_out
from cnndsl.reports.diagram.look import PAGE
from cnndsl.reports.diagram.model import Picture, States
from cnndsl.reports.diagram.page import source_places
from cnndsl.reports.diagram.page.data import page_data
from cnndsl.reports.diagram.picture import draw_states
from cnndsl.reports.diagram.sharing import strokes
from tests.reports.networks import PYRAMID, STREAMS, U_NET
from tests.reports.test_diagram_geometry import wired_at_random
from tests.support.chromium import Browser

HEATS = ("", "params", "macs", "memory")

NETWORKS = (
    "alexnet", "convnext_tiny", "densenet121", "efficientnet_b0", "googlenet_aux", "googlenet_base_dim", "inception_v3_aux",
    "lenet5", "mobilenet_v2", "preact_resnet164", "resnet18", "resnet50", "shufflenet_v2_x1_0", "squeezenet1_0", "text_cnn",
    "vgg16",
)  # fmt: skip

PROGRAM = """(() => {
const network = %s;
%s
const sequences = network.parts.flatMap((part, number) => (part.children && !part.kind ? [number] : []));
const layout = layOut(new Set([...network.open, ...sequences]), (part) => figureFor(part, %s));
const corners = ({ x, y, width, height }) => [x, y, width, height];
return {
  size: [layout.width, layout.height],
  boxes: [...layout.boxes.values()].map(corners),
  clusters: [...layout.clusters.values()].map((each) => [...corners(each), each.lines.map(({ text }) => text)]),
  edges: layout.edges.map(({ shape, isSkip, isChanged, path, label, stroke }) =>
    [shape, isSkip, isChanged, path, label, stroke]),
};
})()"""


def by_script(browser: Browser, states: States, heat: str, source: Any) -> dict[str, Any]:
    folder = files("cnndsl.reports.diagram.page")
    scripts = "\n".join(
        folder.joinpath(name).read_text("utf-8") for name in ("words.js", "rows.js", "tracks.js", "layout.js")
    )
    data = page_data(states, source_places(states, source), PAGE["TB"])
    number = HEATS.index(heat) - 1 if heat else None
    program = PROGRAM % (json.dumps(data), scripts, json.dumps(number))
    answer = browser.call("Runtime.evaluate", _blank(browser), expression=program, returnByValue=True)
    assert "exceptionDetails" not in answer, answer["exceptionDetails"]
    return dict(answer["result"]["value"])


def _blank(browser: Browser) -> str:
    if not hasattr(browser, "blank"):
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        browser.blank = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]  # type: ignore[attr-defined]
    return str(browser.blank)


def by_layout(picture: Picture, heat: str) -> dict[str, Any]:
    layout = lay_out(picture, figure=figure_for(heat, picture.cost), page=PAGE["TB"])
    drawn = zip(picture.edges, layout.paths, layout.labels, strokes(picture.edges, layout.paths), strict=True)
    places = [titled.place for titled in layout.clusters.values()]
    return {
        "size": [layout.width, layout.height],
        "boxes": [[place.x, place.y, place.width, place.height] for place in layout.boxes.values()],
        "clusters": [
            [place.x, place.y, place.width, place.height, [text for text, _ in titled.lines]]
            for place, titled in zip(places, layout.clusters.values(), strict=True)
        ],
        "edges": [
            [edge.shape, edge.is_skip, edge.is_changed, path, label[0] if label else "", stroke]
            for edge, path, label, stroke in drawn
        ],
    }


def rounded(found: Any) -> Any:
    """As text, in an order and a precision that do not depend on who worked it out."""
    if isinstance(found, bool | str):
        return str(found)
    if isinstance(found, int | float):
        return f"{found + 0.0:.1f}"
    return [rounded(each) for each in found]


def assert_same(browser: Browser, graph: Graph, source: Any, heat: str = "", **opened: Any) -> None:
    states = draw_states(graph, **opened)
    drawn, scripted = by_layout(states.picture, heat), by_script(browser, states, heat, source)
    for part in drawn:
        assert sorted(rounded(scripted[part])) == sorted(rounded(drawn[part])), part


@pytest.mark.parametrize("name", NETWORKS)
def test_first_state(browser: Browser, name: str) -> None:
    model = cnndsl.load(f"zoo:{name}")
    assert_same(browser, model.graph, model.checked.source)


@pytest.mark.parametrize("name", ["efficientnet_b0", "googlenet_aux", "resnet50", "densenet121"])
@pytest.mark.parametrize("depth", [1, 2, 9])
def test_other_depths(browser: Browser, name: str, depth: int) -> None:
    model = cnndsl.load(f"zoo:{name}")
    assert_same(browser, model.graph, model.checked.source, depth=depth)


@pytest.mark.parametrize("seed", range(20))
def test_networks_wired_at_random(browser: Browser, seed: int) -> None:
    graph = wired_at_random(seed)
    assert_same(browser, graph, graph.nodes[0].span.source)


@pytest.mark.parametrize("heat", HEATS[1:])
def test_shares_in_place_of_parameters(browser: Browser, heat: str) -> None:
    model = cnndsl.load("zoo:googlenet")
    assert_same(browser, model.graph, model.checked.source, heat, expand=["inception4a"])


@pytest.mark.parametrize("text", [U_NET, PYRAMID, STREAMS], ids=["U-Net", "pyramid", "streams"])
def test_grids_are_there_at_first(browser: Browser, text: str) -> None:
    checked = cnndsl.check_text(text)
    assert_same(browser, checked.require_graph(), checked.source)


def test_layers_in_columns_are_one_box_each() -> None:
    graph = cnndsl.load("zoo:alexnet_two_columns").graph
    assert not any(box.column[1] > 1 for box in draw_states(graph).picture.boxes)
