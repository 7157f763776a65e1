"""Blocks that are boxes in a picture are drawn beside it, and the options of ``cnndsl diagram`` for papers."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

import cnndsl
from cnndsl.cli.main import main
from cnndsl.reports.diagram import Look, draw_picture, render_picture
from cnndsl.reports.diagram.rendering import placed

from .networks import PYRAMID, U_NET
from .svg import elements, parse


def insets(name: str, **options: int) -> dict[str, list[str]]:
    """The headings of what is in each inset, by its title."""
    picture = draw_picture(cnndsl.load(f"zoo:{name}").graph, **options)
    return {title: [box.heading for box in inset.boxes] for title, inset in picture.insets}


@pytest.mark.parametrize(
    ("name", "title", "shown"),
    [
        ("resnet50", "bottleneck, 16 of them", "add"),
        ("densenet121", "denseblock, 4 of them", "concat"),
        ("efficientnet_b0", "mbconv, 16 of them", "mul"),
        ("efficientnet_b0", "mbconv, 16 of them", "add"),
        ("googlenet", "inception, 9 of them", "concat"),
        ("mobilenet_v2", "inverted_residual, 17 of them", "add"),
    ],
)
def test_what_a_paper_is_about_is_shown(name: str, title: str, shown: str) -> None:
    assert shown in insets(name)[title]


@pytest.mark.parametrize(
    ("text", "title", "ends"), [(U_NET, "up, 3 of them", "skip"), (PYRAMID, "merge, 2 of them", "lateral")]
)
def test_a_block_that_reads_several_values_is_shown_with_its_names_for_them(text: str, title: str, ends: str) -> None:
    picture = draw_picture(cnndsl.check_text(text).require_graph(), depth=1)
    ((shown, inset),) = picture.insets
    assert shown == title
    assert [box.heading for box in inset.boxes if box.kind == "io"] == ["input", ends, "output"]
    assert inset.cost == next(box.cost for box in picture.boxes if box.heading == title.partition(",")[0])


@pytest.mark.parametrize("name", ["mobilenet_v2", "efficientnet_b0", "regnet_y_400mf", "shufflenet_v2_x1_0"])
def test_no_braces_in_an_open_block_are_shut(name: str) -> None:
    picture = draw_picture(cnndsl.load(f"zoo:{name}").graph)
    pictures = (picture, *(inset for _, inset in picture.insets))
    assert not {"conv", "block", "f", "right"} & {box.heading for each in pictures for box in each.boxes}


def test_a_chip_keeps_its_arguments() -> None:
    picture = draw_picture(cnndsl.load("zoo:convnext_tiny").graph)
    svg = render_picture(picture, Look(), "svg").decode()
    assert "layer_norm axis=0 eps=1e" in svg
    assert "..." not in svg


def test_a_network_without_hidden_blocks_has_no_insets() -> None:
    assert insets("vgg16") == {}
    assert insets("resnet50", depth=9) == {}


def test_the_usual_form_of_a_block_is_drawn() -> None:
    (headings,) = insets("resnet50").values()
    assert headings.count("conv 64 1x1") == 1  # without the projection, which 4 of 16 have
    assert not any(heading.startswith("conv 256 1x1 stride") for heading in headings)


TEXT = """\
block unit(n, slope = 0.1, rate = 0.123456) {
    residual { conv n 3x3 pad=1 | bn eps=1e-3 | leaky_relu slope | stochastic_depth rate }
}
network Net {
    input 8x8x8
    unit 8 rate=0.1
    unit 8 rate=0.2
    permute (1, 0, 2)
    permute (1, 0, 2)
}
"""


def test_blocks_with_other_rates_fold_and_say_so() -> None:
    graph = cnndsl.check_text(TEXT).require_graph()
    (box,) = [box for box in draw_picture(graph, depth=1).boxes if box.kind == "block"]
    assert (box.heading, box.count, box.details) == ("unit", 2, ("n=8", "rate=0.1 to 0.2"))


def test_axes_and_chips_are_written_as_in_a_spec() -> None:
    boxes = list(draw_picture(cnndsl.check_text(TEXT).require_graph(), depth=9).boxes)
    assert "permute (1, 0, 2)" in [box.heading for box in boxes]
    chips = [strip.heading for box in boxes for strip in box.strips]
    assert {"bn eps=0.001", "leaky_relu 0.1", "stochastic_depth 0.1"} <= set(chips)


def drawn(*options: str, folder: Path, name: str = "x.svg") -> bytes:
    path = folder / name
    assert main(["diagram", "zoo:resnet50", *options, "-o", str(path)]) == 0
    return path.read_bytes()


def test_a_paper_writes_its_own_caption(tmp_path) -> None:
    plain = drawn(folder=tmp_path).decode()
    assert "ResNet, He et al. 2015, table 1<" in plain
    assert ">convolution<" in plain
    bare = drawn("--no-title", "--no-legend", folder=tmp_path).decode()
    assert "He et al." not in bare
    assert ">convolution<" not in bare
    titled = drawn("--title", "Ours & <theirs>", folder=tmp_path).decode()
    assert "Ours &amp; &lt;theirs&gt;" in titled


def test_insets_can_be_left_out(tmp_path) -> None:
    assert "inset0" in elements(parse(drawn(folder=tmp_path)), "cluster")
    assert "inset0" not in elements(parse(drawn("--no-insets", folder=tmp_path)), "cluster")


COLUMN = 85 / 25.4 * 72


@pytest.mark.parametrize("options", [(), ("--style", "volumes", "--depth", "1")])
def test_a_picture_is_as_wide_as_a_column(options: tuple[str, ...], tmp_path) -> None:
    svg = parse(drawn("--width", "85", *options, folder=tmp_path))
    assert abs(float(svg.get("width").removesuffix("pt")) - COLUMN) < 2
    pdf = drawn("--width", "85", *options, folder=tmp_path, name="x.pdf")
    (width, height) = map(float, re.search(rb"/MediaBox \[0 0 ([0-9.]+) ([0-9.]+)\]", pdf).groups())
    assert abs(width - COLUMN) < 2
    scale = float(re.search(rb"stream\r?\n([0-9.]+) 0 0 -", pdf)[1])
    corners = [(scale * float(x), scale * float(y)) for x, y in re.findall(rb"([0-9.]+) ([0-9.]+) [lm]\n", pdf)]
    assert max(x for x, _ in corners) == pytest.approx(width, abs=4)
    assert max(y for _, y in corners) == pytest.approx(height, abs=4)
    tikz = drawn("--width", "85", *options, folder=tmp_path, name="x.tikz").decode()
    assert float(re.match(r"\\scalebox\{(0\.\d+)\}\{%\n", tikz)[1]) == pytest.approx(scale, rel=0.1)


def test_no_picture_is_enlarged_or_higher_than_a_page(tmp_path) -> None:
    for name, options in (("lenet5", ("--no-title", "--no-legend")), ("resnet18", ("--depth", "9"))):
        file = tmp_path / "x.svg"
        assert main(["diagram", f"zoo:{name}", *options, "--width", "200", "-o", str(file)]) == 0
        width, height = (float(parse(file.read_bytes()).get(side).removesuffix("pt")) for side in ("width", "height"))
        assert width < 200 / 25.4 * 72
        assert height < 700


def test_for_a_narrow_column_boxes_stand_so_that_letters_are_larger() -> None:
    picture = draw_picture(cnndsl.load("zoo:densenet121").graph)
    wide, narrow = (placed(picture, Look(width=width))[1] for width in (0.0, 85.0))
    assert narrow.width < 0.7 * wide.width


def test_volumes_leave_out_their_title(tmp_path) -> None:
    options = ("--style", "volumes", "--depth", "1")
    assert "He et al." in drawn(*options, folder=tmp_path).decode()
    assert "He et al." not in drawn(*options, "--no-title", folder=tmp_path).decode()
    assert "Ours" in drawn(*options, "--title", "Ours", folder=tmp_path).decode()


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("x.html", ("--width", "85")),
        ("x.mmd", ("--width", "85")),
        ("x.html", ("--no-legend",)),
        ("x.svg", ("--title", "a", "--no-title")),
    ],
)
def test_what_has_no_effect_is_refused(name: str, options: tuple[str, ...], tmp_path) -> None:
    assert main(["diagram", "zoo:lenet5", *options, "-o", str(tmp_path / name)]) == 2


def test_the_title_of_a_page_can_be_chosen(tmp_path) -> None:
    assert "<h1>Ours</h1>" in drawn("--title", "Ours", folder=tmp_path, name="x.html").decode()
    assert "title:" not in drawn("--no-title", folder=tmp_path, name="x.mmd").decode()


@pytest.mark.parametrize("width", ["9", "2001", "x", "8.5"])
def test_a_wrong_width_is_refused(width: str, tmp_path) -> None:
    assert main(["diagram", "zoo:lenet5", "--width", width, "-o", str(tmp_path / "x.svg")]) == 2


def test_tikz_has_every_box_and_line(tmp_path) -> None:
    text = drawn(folder=tmp_path, name="x.tikz").decode()
    picture = draw_picture(cnndsl.load("zoo:resnet50").graph)
    whole = [picture, *(inset for _, inset in picture.insets)]
    assert text.count("node[heading") == sum(len(list(each.boxes)) for each in whole)
    assert text.count(r"\draw[->") == sum(len(each.edges) for each in whole)
    assert text.count("{") == text.count("}")
    assert re.search(r"\{256x56x56\}", text)


def test_tikz_escapes_what_latex_reads() -> None:
    graph = cnndsl.check_text('network Net {\n    input 1x8x8\n    "a_b": conv 4 3x3\n}\n').require_graph()
    assert r"{a\_b}" in render_picture(draw_picture(graph), Look(), "tikz").decode()


@pytest.mark.parametrize("options", [(), ("--style", "volumes", "--depth", "1", "--width", "85")])
def test_tikz_compiles(options: tuple[str, ...], tmp_path) -> None:
    latex = next(filter(None, map(shutil.which, ("lualatex", "pdflatex"))), None)
    if latex is None:
        pytest.skip("no LaTeX on this machine")
    drawn(*options, folder=tmp_path, name="x.tikz")
    document = r"\documentclass{article}\usepackage{tikz}\usetikzlibrary{arrows.meta}"
    (tmp_path / "paper.tex").write_text(f"{document}\\begin{{document}}\\input{{x.tikz}}\\end{{document}}")
    subprocess.run([latex, "-interaction=nonstopmode", "-halt-on-error", "paper.tex"], cwd=tmp_path, check=True)
