"""Pictures of layers: each operator has one, nothing in it overlaps, and what it says is what the layer does."""

from __future__ import annotations

import json
from functools import cache
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

import cnndsl
from cnndsl.api import check_text
from cnndsl.cli.main import main
from cnndsl.ir import Graph, Node
from cnndsl.reports import shape_picture as pictures
from cnndsl.reports.engine import render
from cnndsl.reports.shape_picture.axes import axes_of, stretches
from cnndsl.reports.shape_picture.canvas import MARKS, PADDING
from cnndsl.reports.shape_picture.ruler import ruler_of
from cnndsl.reports.shape_picture.scene import Rectangle, Scene, Text
from tests.reports.test_palette import contrast
from tests.support.networks import chain, conv
from tests.support.samples import JOINED_SAMPLES, SAMPLES, check_use

SPECS = sorted(path.stem for path in (Path(__file__).parents[2] / "specs").glob("*.cnn"))


def network_of(shape: str, *lines: str) -> Graph:
    return check_text("\n".join(("network N {", f"    input {shape}", *lines, "}", ""))).require_graph()


def drawn(graph: Graph, node: Node) -> Scene:
    return pictures.draw_layer(pictures.explain(graph, node), node)


def told(graph: Graph, node: Node) -> str:
    explanation = pictures.explain(graph, node)
    return pictures.render_text(explanation, None if explanation.axes else pictures.lanes_of(node))


def overlap(one: tuple[float, ...], other: tuple[float, ...], slack: float = 0.25) -> bool:
    return all(one[at] + slack < other[at + 2] and other[at] + slack < one[at + 2] for at in (0, 1))


def inside(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return other[0] <= one[0] and other[1] <= one[1] and one[2] <= other[2] and one[3] <= other[3]


def check_geometry(scene: Scene) -> None:
    """No text leaves the canvas, runs into another, or crosses the border of a rectangle."""
    texts = [item for item in scene.items if isinstance(item, Text) and item.text]
    boxes = [item for item in scene.items if isinstance(item, Rectangle)]
    for item in texts:
        assert inside(item.box, (0, 0, scene.width, scene.height)), item
    for one, other in combinations(texts, 2):
        assert not overlap(one.box, other.box), (one, other)
    for box in boxes:
        area = (box.x, box.y, box.x + box.width, box.y + box.height)
        assert inside(area, (0, 0, scene.width, scene.height)), box
        for item in texts:
            assert not overlap(item.box, area) or inside(item.box, area), (item, box)


@cache
def spec(name: str) -> Graph:
    for shape in (None, (3, 224, 224)):
        try:
            return cnndsl.load(f"specs/{name}.cnn", input_shape=shape).graph
        except cnndsl.DiagnosticError:
            continue
    raise AssertionError(name)


def different(graph: Graph) -> list[Node]:
    """One layer of each operator, arguments and shapes."""
    return list({(node.operator, node.input_types): node for node in graph.nodes}.values())


@pytest.mark.parametrize(("name", "sample"), [*SAMPLES, *JOINED_SAMPLES], ids=lambda item: getattr(item, "text", item))
def test_every_operator_has_a_picture_and_a_text(name, sample) -> None:
    graph = check_use(sample).require_graph()
    for node in graph.nodes:
        scene = drawn(graph, node)
        check_geometry(scene)
        ElementTree.fromstring(pictures.to_svg(scene))
        assert told(graph, node).endswith("\n")
        json.dumps(pictures.layer_to_json(graph, node, pictures.explain(graph, node)))
        check_geometry(pictures.draw_field(pictures.explain_field(graph, node)))
        assert "sees" in pictures.render_field_text(pictures.explain_field(graph, node))


@pytest.mark.parametrize("name", SPECS)
def test_nothing_overlaps_in_the_pictures_of_a_spec(name: str, monkeypatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])
    graph = spec(name)
    layers = different(graph)
    for node in layers:
        scene = drawn(graph, node)
        check_geometry(scene)
        assert scene.width <= 840
        assert scene.height <= 1100
        assert len(pictures.to_svg(scene)) < 200_000
    for node in layers[:: max(1, len(layers) // 5)]:
        check_geometry(pictures.draw_field(pictures.explain_field(graph, node)))


def test_a_picture_is_no_wider_than_what_is_in_it() -> None:
    graph = network_of("8x3x4", "relu")
    scene = drawn(graph, graph.nodes[0])
    texts = [item.box[2] for item in scene.items if isinstance(item, Text)]
    shapes = [item.x + item.width for item in scene.items if isinstance(item, Rectangle)]
    assert scene.width == pytest.approx(max(texts + shapes) + 28)
    assert scene.width < 600


def test_a_dense_layer_after_places_that_are_lost_does_not_see_the_whole_input() -> None:
    graph = network_of("1x5x5", "maxpool 2x2", "flatten", "dense 3")
    told = pictures.explain_field(graph, graph.nodes[-1]).sentences
    assert told == (
        "Output 1 sees rows 0 to 3 and columns 0 to 3 of the input: 4x4 positions.",
        "The receptive field is 4x4; all outputs see the same.",
    )


def test_the_picture_of_lenet5(golden) -> None:
    graph = cnndsl.load("zoo:lenet5").graph
    golden("shape_picture/lenet5-c3.svg", pictures.to_svg(drawn(graph, graph.nodes[4])).decode())
    golden("shape_picture/lenet5-c3.txt", told(graph, graph.nodes[4]))
    field = pictures.explain_field(graph, graph.nodes[4])
    golden("shape_picture/lenet5-c3-field.svg", pictures.to_svg(pictures.draw_field(field)).decode())
    golden("shape_picture/lenet5-c3-field.txt", pictures.render_field_text(field))


TOLD = {
    "conv 4 3x3 stride=2": (
        "2x8x8",
        "No output sees row 7, and no output sees column 7.",
        "|....###x|",
        "x in no window",
    ),
    "conv 4 3x3 pad=1 stride=2": (
        "2x8x8",
        "Of the padding at the end, 1 row and 1 column are not used",
        "#|##......|P",
        "-1 to 1",
    ),
    "conv 4 3x3 dilation=2": ("2x8x8", "F = 2*(3 - 1) + 1 = 5", "|#.#.#...|", "0 to 4 in steps of 2"),
    "maxpool 3x3 stride=2 ceil_mode=true": ("2x8x8", "1 row and 1 column beyond the input", "|......##|#", "6 to 8"),
    "maxpool 2x2 stride=3": (
        "2x9x9",
        "No output sees rows 2, 5 and 8, and no output sees columns 2, 5 and 8.",
        "|##x..x..x|",
        "output 1",
    ),
    "conv 4 11x11 stride=4 pad=2": ("3x224x224", "floor((224 - 11 + 2*2)/4 + 1) = 55", "##|#########.", "214 to 224"),
    "conv_transpose 2 4x4 stride=2 pad=1": ("3x5x5", "(5 - 1)*2 - 2*1 + 4 = 10", "#|###.......|P", "input position 4"),
    "adaptive_avgpool 3x1": ("2x7x5", "floor(i*I/O) to ceil((i + 1)*I/O) - 1", "|..###..|", "4 to 6"),
    "global_avgpool": ("2x7x5", "Every output sees all positions of its channels.", "|#####|", "0 to 6"),
    "relu": ("2x7x5", "Each output sees its own position, so the size stays.", "|#....|", "0"),
    "conv1d 4 3 stride=3": ("2x10", "No output sees position 9.", "|......###x|", "length:"),
    "dense 3": ("5", "every output sees every input", "number 2 sees all 5 numbers", "number 0 sees"),
    "depthwise 3x3": ("4x5x5", "Each of the 4 channels has one filter of its own.", "|###..|", "2 to 4"),
    "conv 4 3x3 groups=2": ("6x5x5", "each reads the 3 input channels of its group, one of 2.", "|###..|", "0 to 2"),
    "flatten": ("2x3x4", "2*3*4 = 24", "number 4 sees (0, 1, 0)", "number 23 sees (1, 2, 3)"),
    "permute (1, 2, 0)": ("2x3x4", "axis 0: 3 sees axis 1: 3", "axis 2: 2 sees axis 0: 2", "2x3x4 -> 3x4x2"),
    "upsample 3": ("2x3x4", "Each input position reaches 3x3 positions of the output.", "|...###......|", "3 to 5"),
    "upsample 2 mode=bilinear": ("2x3x4", "Each output sees 2x2 positions", "output 0  |#...|", "output 1  |##..|"),
    "lrn 3": (
        "6x3x4",
        "channel 1 sees channels 0 to 2",
        "channel 5 sees channels 4 to 5",
        "channel 0 sees channels 0 to 1",
    ),
}


@pytest.mark.parametrize("line", TOLD)
def test_what_is_told(line: str) -> None:
    shape, *wanted = TOLD[line]
    graph = network_of(shape, line)
    text = told(graph, graph.nodes[0])
    for part in wanted:
        assert part in text


def test_unseen_places_are_those_of_brute_force() -> None:
    for kernel in range(1, 5):
        for stride in range(1, 6):
            for padding in range(3):
                for dilation in (1, 2):
                    line = f"conv 1 {kernel} stride={stride} pad={padding} dilation={dilation}"
                    graph = network_of("1x11x11", line)
                    (axis, _) = axes_of(graph.nodes[0])
                    starts = range(-padding, 11 + padding - dilation * (kernel - 1), stride)
                    seen = {start + dilation * at for start in starts for at in range(kernel)}
                    assert axis.output == len(starts)
                    assert list(axis.unseen) == stretches(sorted(set(range(11)) - seen)), line


@pytest.mark.parametrize(
    ("shape", "line"),
    [
        ("1x2000000000x1", "conv 1 2x1 dilation=3 stride=7"),
        ("1x2000000000x1", "adaptive_avgpool 999999999x1"),
        ("1x200000000x1", "upsample 2 mode=bilinear align_corners=true"),
        ("1x200000000x1", "conv_transpose 1 2x1 stride=7"),
        ("2000000000", "flatten"),
    ],
)
def test_axes_longer_than_any_are_drawn(shape: str, line: str) -> None:
    graph = network_of(shape, line)
    check_geometry(drawn(graph, graph.nodes[0]))
    assert len(told(graph, graph.nodes[0])) < 4000


def test_long_axes_are_broken_where_nothing_happens() -> None:
    (axis, _) = axes_of(network_of("3x224x224", "conv 64 11x11 stride=4 pad=2").nodes[0])
    first, last = ruler_of(axis, 36).segments
    assert first == (-2, 13)  # both first windows, and a place behind
    assert last == (213, 225)


def test_text_is_text_and_readers_are_told() -> None:
    graph = chain("<b>", (1, 8, 8), [("<script>alert(1)</script>&'\"\x1b", conv(2, 3))])
    for scene in (drawn(graph, graph.nodes[0]), pictures.draw_field(pictures.explain_field(graph, graph.nodes[0]))):
        svg = pictures.to_svg(scene).decode()
        assert "<script" not in svg
        root = ElementTree.fromstring(svg)
        assert root.get("role") == "img"
        labels = {child.get("id"): child.text for child in root if child.get("id")}
        assert root.get("aria-labelledby").split() == list(labels)
        assert labels["title"] == scene.title
        assert "script>" in labels["title"]


def test_windows_are_told_apart_and_legible() -> None:
    for paint in (*MARKS, PADDING):
        assert contrast(paint.border, "#ffffff") >= 3  # WCAG: parts of pictures
        assert contrast("#1a1a1a", paint.fill) >= 7


@pytest.mark.parametrize(("format", "start"), [("png", b"\x89PNG"), ("svg", b"<?xml")])
def test_positioned_dot_keeps_its_places(format: str, start: bytes) -> None:
    graph = cnndsl.load("zoo:lenet5").graph
    scene = drawn(graph, graph.nodes[0])
    picture = render(pictures.to_dot(scene), format)
    assert picture.startswith(start)
    if format == "svg":
        texts = [item.text for item in ElementTree.fromstring(picture).iter("{http://www.w3.org/2000/svg}text")]
        assert sorted(texts) == sorted(item.text for item in scene.items if isinstance(item, Text))
    else:
        width = int.from_bytes(picture[16:20])
        assert abs(width - scene.width * 192 / 72) < 40


def test_the_command(capsys, tmp_path, golden) -> None:
    assert main(["explain-shape", "zoo:lenet5", "c3"]) == 0
    golden("shape_picture/lenet5-c3.txt", capsys.readouterr().out)
    assert main(["explain-shape", "zoo:lenet5", "c3", "--receptive-field", "-o", str(tmp_path / "c3.SVG")]) == 0
    golden("shape_picture/lenet5-c3-field.svg", (tmp_path / "c3.SVG").read_text())
    assert main(["explain-shape", "zoo:lenet5", "c3", "-o", str(tmp_path / "c3.png")]) == 0
    assert (tmp_path / "c3.png").read_bytes().startswith(b"\x89PNG")


def test_a_label_is_enough_where_it_is_the_only_one(capsys) -> None:
    assert main(["explain-shape", "zoo:resnet18", "layer3.1.conv2", "--format", "json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert data["layer"] == "layer3.1.conv2"
    assert data["axes"][0]["windows"][2] == {"position": 13, "first": 12, "last": 14, "count": 3}
    assert main(["explain-shape", "zoo:lenet5", "output", "--set", "classes=7"]) == 0
    assert "84 -> 7" in capsys.readouterr().out
    densenet = ["explain-shape", "zoo:densenet121"]
    assert main([*densenet, "denselayer3.conv2"]) == 1
    assert "could be any of 4 layers" in capsys.readouterr().err

    assert main([*densenet, "denseblock3.denselayer24.conv2"]) == 0


def test_joins_can_be_named(capsys) -> None:
    assert main(["explain-shape", "zoo:text_cnn", "concat"]) == 0
    assert "100x1 and 100x1 and 100x1 -> 300x1" in capsys.readouterr().out
    densenet = ["explain-shape", "zoo:densenet121"]
    assert main([*densenet, "features.denseblock1"]) == 1
    assert "features.denseblock1#2" in capsys.readouterr().err
    assert main([*densenet, "features.denseblock1#2"]) == 0
    assert capsys.readouterr().out.startswith("features.denseblock1: concat")
    assert main([*densenet, "features.denseblock2.denselayer1"]) == 1
    assert "is a block of" in capsys.readouterr().err


def test_the_receptive_field_as_json(capsys) -> None:
    arguments = ["explain-shape", "zoo:vgg16", "features.30", "--receptive-field", "--at", "0,6", "--format", "json"]
    assert main(arguments) == 0
    data = json.loads(capsys.readouterr().out)
    # Araujo et al. 2019, table 1: 212 and 32; the windows of the first row begin 90 rows above the image
    assert (data["size"], data["jump"]) == ([212, 212], [32, 32])
    assert data["padded"] == [[-90, 121], [102, 313]]
    assert data["patch"] == [[0, 121], [102, 223]]
    assert data["path"][-1]["layer"] == "features.30"


WRONG = [
    (("nope",), 1, "error[E0201]: `nope` is not a layer of `LeNet5`"),
    (("outptu",), 1, "did you mean `output`?"),
    (("c3", "--receptive-field", "--at", "10,0"), 1, "error[E0207]: `--at 10,0` lies outside of 16x10x10"),
    (("c3", "--receptive-field", "--at", "1"), 1, "error[E0206]: `--at 1` is not a position of 16x10x10"),
    (("c3", "--receptive-field", "--at=-1,2"), 1, "error[E0206]"),
    (("c3", "--receptive-field", "--at", "9" * 5000 + ",1"), 1, "error[E0207]"),
    (("c3", "--at", "1,1"), 2, "--at is for --receptive-field"),
    (("c3", "-o", "a.gif"), 2, ".svg, .png, .pdf, .dot"),
    (("c3", "-o", "a.svg", "--format", "json"), 2, "not both"),
    (("c3", "-o", "missing/a.svg"), 1, "error[E0003]"),
]


@pytest.mark.parametrize(("arguments", "code", "said"), WRONG, ids=lambda item: str(item)[:40])
def test_mistakes(arguments, code, said, capsys, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["explain-shape", "zoo:lenet5", *arguments]) == code
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_without_a_program_that_draws_there_is_an_error_and_no_file(bare_python, tmp_path) -> None:
    arguments = ["-m", "cnndsl.cli.main", "explain-shape", "zoo:lenet5", "c3", "-o"]
    done = bare_python([*arguments, "a.png"], tmp_path)
    assert done.returncode == 1
    assert done.stderr.startswith("error[E0005]: ")
    assert list(tmp_path.iterdir()) == []
    assert bare_python([*arguments, "a.svg"], tmp_path).returncode == 0
