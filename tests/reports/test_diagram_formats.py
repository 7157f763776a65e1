"""The formats of a picture beside SVG: Mermaid, PDF, volumes; and how fast they come."""

from __future__ import annotations

import re
import subprocess
import sys
import time

import pytest

import cnndsl
from cnndsl import check_text
from cnndsl.cli.main import main
from cnndsl.reports.diagram import FORMATS, Look, diagram, draw_picture, render_picture
from cnndsl.reports.diagram.branch_lanes import lanes_of_branches
from cnndsl.reports.diagram.palette import THEMES
from cnndsl.reports.pdf import svg_to_pdf
from tests.support.networks import chain, conv, lenet5

from .svg import SVG, elements, outline, outline_of, parse, text_boxes, texts
from .test_diagram import HOSTILE


def picture(name: str, **options):
    return draw_picture(cnndsl.load(f"zoo:{name}").graph, **options)


@pytest.mark.parametrize("name", ["lenet5", "resnet50", "inception_module"])
def test_mermaid(golden, name):
    golden(f"diagram/{name}.mmd", render_picture(picture(name), Look(), "mmd"))


@pytest.mark.parametrize("look", [{"direction": "LR"}, {"heat": "macs"}, {"theme": "dark"}, {"style": "volumes"}])
def test_looks(golden, look):
    (name,) = look.values()
    golden(f"diagram/lenet5-{name}.svg", render_picture(picture("lenet5"), Look(**look), "svg"))


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("style", ["boxes", "volumes"])
def test_the_same_picture_gives_the_same_bytes(format, style):
    if (format, style) != ("mmd", "volumes"):
        look = Look(style=style)
        assert render_picture(picture("lenet5"), look, format) == render_picture(picture("lenet5"), look, format)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text_in_mermaid(text):
    graph = chain(text, (3, 8, 8), [(text, conv(4, 3))], doc=text, settings={"s": text})
    for line in render_picture(draw_picture(graph), Look(), "mmd").decode().splitlines():
        labels = re.findall(r'"([^"]*)"', line)
        assert re.sub(r'"[^"]*"', "", line).isascii()
        for label in labels:
            assert re.fullmatch(r"(?:[A-Za-z0-9 .,:()\[\]=+*/?!_-]|#\d+;|<br/>|\\U[0-9a-f]{8})*", label), label


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_stay_text_in_volumes(text):
    graph = chain(text, (3, 8, 8), [(text, conv(4, 3))], doc=text)
    svg = parse(render_picture(draw_picture(graph), Look(style="volumes"), "svg"))
    assert {element.tag.rpartition("}")[2] for element in svg.iter()} <= {
        "svg",
        "g",
        "title",
        "polygon",
        "polyline",
        "text",
    }
    assert render_picture(draw_picture(graph), Look(style="volumes"), "png").startswith(b"\x89PNG")


def test_volumes_shrink_as_the_maps_do():
    svg = parse(render_picture(picture("alexnet"), Look(style="volumes"), "svg"))
    faces = [outline(group) for group in elements(svg, "node").values()]
    heights = [face.bottom - face.top for face in faces[:9]]
    breadths = [face.right - face.left for face in faces[:9]]
    assert heights == sorted(heights, reverse=True)
    assert breadths[0] == min(breadths)
    assert texts(list(elements(svg, "node").values())[1]) == ["conv 64 11x11", "64x55x55", "relu"]


@pytest.mark.parametrize("name", ["lenet5", "alexnet", "vgg19", "resnet152", "mnist_dense", "convnext_tiny"])
def test_words_under_volumes_are_apart(name):
    graph = picture(name, depth=1)
    svg = parse(render_picture(graph, Look(style="volumes"), "svg"))
    places = [place for group in svg.iter("{http://www.w3.org/2000/svg}g") for _, place in text_boxes(group)]
    width, height = (float(number) for number in svg.get("viewBox").split()[2:])
    for number, place in enumerate(places):
        assert place.left >= 0
        assert place.right <= width
        assert place.bottom <= height
        assert not any(place.meets(other) for other in places[number + 1 :])


def test_volumes_that_come_again_stand_once_under_their_number():
    layers = "conv 8 3x3 pad=1 | maxpool 3x3 stride=1 pad=1\n" * 30
    graph = check_text(f"network N {{\n input 8x16x16\n {layers} flatten | dense 10\n}}\n").require_graph()
    svg = parse(render_picture(draw_picture(graph), Look(style="volumes"), "svg"))
    solids = list(elements(svg, "node").values())
    assert [texts(solid)[0] for solid in solids] == ["input", "conv 8 3x3", "maxpool 3x3", "dense 10"]
    (bracket,) = elements(svg, "repeat").values()
    assert texts(bracket) == ["x30"]
    place, first, last = outline(bracket), outline(solids[1]), outline(solids[2])
    assert place.left == first.left
    assert place.right > last.right
    assert place.bottom <= min(first.top, last.top)


def test_lines_of_volumes_lead_on_to_the_next():
    svg = parse(render_picture(picture("vgg16"), Look(style="volumes"), "svg"))
    assert float(svg.get("width").removesuffix("pt")) < 900
    arrows = [outline_of(line) for line in svg.iter(f"{SVG}polyline")]
    heights = {arrow.top for arrow in arrows}
    assert len(heights) == 3
    assert len(arrows) == len(elements(svg, "node")) - 1 + len(heights) - 1


@pytest.mark.parametrize("name", ["inception_module", "text_cnn", "googlenet_aux", "resnet18"])
def test_branches_of_volumes_are_in_lanes_of_their_own(name):
    drawn = picture(name)
    svg = parse(render_picture(drawn, Look(style="volumes"), "svg"))
    fronts = [outline_of(next(group.iter(f"{SVG}polygon"))) for group in elements(svg, "node").values()]
    assert not any(
        one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom
        for number, one in enumerate(fronts)
        for other in fronts[:number]
    )
    lanes = lanes_of_branches([box.id for box in drawn.boxes], drawn.edges)
    assert lanes["input"] == lanes["output"] == 0
    for edge in drawn.edges:
        assert lanes[edge.source] == lanes[edge.target] or 0 in (lanes[edge.source], lanes[edge.target])


@pytest.mark.parametrize("name", ["inception_module", "resnet18"])
def test_volumes_collapse_blocks_with_branches(name, tmp_path):
    file = tmp_path / "x.svg"
    assert main(["diagram", f"zoo:{name}", "--style", "volumes", "-o", str(file)]) == 0
    fronts = [
        group for group in elements(parse(file.read_bytes()), "node").values() if group.get("class") == "node block"
    ]
    assert fronts
    assert all(next(group.iter(f"{SVG}polygon")).get("fill") == THEMES["light"].kinds["conv"].fill for group in fronts)


def test_layers_that_only_pass_numbers_on_are_no_volumes():
    svg = parse(render_picture(picture("alexnet"), Look(style="volumes"), "svg"))
    shown = [texts(group) for group in elements(svg, "node").values()]
    assert not any(words[0].startswith(("flatten", "adaptive_avgpool")) for words in shown)
    assert ["maxpool 3x3", "256x6x6", "dropout 0.5"] in shown


@pytest.mark.parametrize("options", [["-o", "x.mmd", "--style", "volumes"], ["--style", "volumes", "--heat", "macs"]])
def test_what_does_not_go_together_is_a_usage_error(capsys, options):
    assert main(["diagram", "zoo:lenet5", *options]) == 2
    assert "volumes" in capsys.readouterr().err


def test_pdf_has_the_texts_and_a_sound_table_of_objects():
    data = render_picture(picture("resnet50"), Look(), "pdf")
    assert data.startswith(b"%PDF-1.7")
    assert data.endswith(b"%%EOF\n")
    start = int(re.search(rb"startxref\n(\d+)", data)[1])
    table = data[start:].split(b"trailer")[0]
    places = [int(place) for place in re.findall(rb"(\d{10}) 00000 n", table)]
    assert [data[place:].split(b" ", 1)[0] for place in places] == [
        b"%d" % number for number in range(1, len(places) + 1)
    ]
    words = re.findall(rb"\((.*?)\) Tj", data)
    assert b"bottleneck" in words
    assert rb"stride 2, pad 3, no bias" in words
    length = int(re.search(rb"/Length (\d+)", data)[1])
    stream = re.search(rb"stream\n(.*?)\nendstream", data, re.DOTALL)[1]
    assert len(stream) == length


def test_pdf_is_as_large_as_the_svg():
    svg = parse(render_picture(picture("lenet5"), Look(), "svg"))
    box = re.search(rb"/MediaBox \[0 0 (\S+) (\S+)\]", render_picture(picture("lenet5"), Look(), "pdf"))
    assert [float(number) for number in box.groups()] == [float(number) for number in svg.get("viewBox").split()[2:]]


def test_brackets_and_backslashes_in_pdf_are_escaped():
    svg = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text x="1" y="2" font-size="3">a(b)\\c</text></svg>'
    assert rb"(a\(b\)\\c) Tj" in svg_to_pdf(svg)


def test_letters_that_pdf_lacks_are_no_crash(tmp_path, bare_python):
    spec = tmp_path / "n.cnn"
    spec.write_text("## 名前\nnetwork N { input 4\n dense 2 }\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"charmap|encode"):
        svg_to_pdf(render_picture(draw_picture(cnndsl.load(str(spec)).graph), Look(), "svg"))


def test_heat_shows_shares_that_add_up():
    svg = parse(render_picture(picture("lenet5"), Look(heat="params"), "svg"))
    shares = [float(text.removesuffix(" %")) for text in texts(svg) if re.fullmatch(r"[\d.]+ %", text)]
    assert sum(shares) == pytest.approx(100, abs=0.3)
    assert max(shares) == pytest.approx(100 * 48_120 / 61_706, abs=0.05)


def test_an_unknown_look_is_a_mistake_of_the_caller():
    with pytest.raises(ValueError, match="theme must be light or dark, not 'sepia'"):
        diagram(lenet5(), theme="sepia")
    with pytest.raises(TypeError, match="colour"):
        diagram(lenet5(), colour="blue")


@pytest.mark.soak
def test_resnet50_is_drawn_in_a_few_times_what_its_table_takes(tmp_path):
    command = [sys.executable, "-m", "cnndsl.cli.main"]
    table = [*command, "summary", "zoo:resnet50"]
    drawing = [*command, "diagram", "zoo:resnet50", "-o", str(tmp_path / "a.svg")]
    pairs = [(seconds(table), seconds(drawing)) for _ in range(5)]
    assert min(drawn for _, drawn in pairs) < 5 * min(printed for printed, _ in pairs)


def seconds(command) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


@pytest.mark.parametrize("style", ["boxes", "volumes"])
def test_pointing_at_a_layer_tells_what_it_gives_and_why(style: str) -> None:
    svg = parse(render_picture(picture("lenet5"), Look(style=style), "svg"))
    titles = {group.get("id"): group.findtext(f"{SVG}title") for group in svg.iter(f"{SVG}g")}
    assert titles["layer-c3"] == (
        "c3: conv 16 5x5, stride 1, tanh\noutput 16x10x10\nfloor((14 - 5 + 2*0)/1 + 1) = 10\n"
        "parameters 16*6*5*5 + 16 = 2,416\nMACs 16*10*10 outputs * 6*5*5 each = 240,000\nreceptive field 14x14, stride 2"
    )
    assert {id_ for id_, title in titles.items() if title and not id_.startswith(("layer-", "graph"))} == set()
