"""The text of the source, by small specs: classes, arguments, names; and that what it makes is the network."""

from __future__ import annotations

import re
import subprocess
import sys

import numpy as np
import pytest
import torch

import cnndsl
from cnndsl.api import Checked
from cnndsl.backends.numpy import NumpyBackend
from cnndsl.cli.main import main
from cnndsl.diagnostics import DiagnosticError

HEADER = "network N(classes = 3) {\n    input 4x8x8\n"


def compiled(text: str) -> tuple[str, torch.nn.Module, Checked]:
    """The source of a spec and its module, once it has been shown to be formatted and to give NumPy's numbers."""
    checked = cnndsl.check_text(text)
    made = cnndsl.Model(checked)
    source, module = made.torch_source(), made.to_torch(dtype="float64")
    ruff = [sys.executable, "-m", "ruff", "format", "--isolated", "--no-cache", "--diff", "-"]
    done = subprocess.run(ruff, input=source, capture_output=True, text=True, check=False)
    assert not done.stdout, done.stdout
    x = np.random.default_rng(0).normal(size=(2, *made.graph.input.type.shape))
    expected = NumpyBackend().compile(made.graph, dtype="float64").forward(x)
    np.testing.assert_allclose(module.eval()(torch.tensor(x)).detach().numpy(), expected, rtol=1e-9, atol=1e-12)
    return source, module, checked


def classes(source: str) -> list[str]:
    return re.findall(r"^class (\w+)", source, re.MULTILINE)


def test_uses_of_a_block_are_one_class_with_its_parameters() -> None:
    source, *_ = compiled(
        "block unit(width, stride = 1) { conv: conv width 3x3 stride=stride pad=1 | bn: bn | relu }\n"
        f"{HEADER} a: unit 8 | b: unit 16 stride=2 | c: unit (2 * in_channels)\n}}"
    )
    assert classes(source) == ["Unit", "N"]
    assert "self.b = Unit(8, 16, stride=2)" in source
    assert "self.c = Unit(16, 32)" in source
    assert "self.conv = nn.Conv2d(in_channels, width, 3, stride=stride, padding=1)" in source


def test_equal_blocks_in_a_row_are_a_loop() -> None:
    source, *_ = compiled(f"block unit {{ conv in_channels 1x1 | relu }}\n{HEADER} body: repeat 5 {{ unit }}\n}}")
    assert "nn.Sequential(*(Unit() for _ in range(5)))" in source or "*(Unit(4) for _ in range(5))" in source


def test_layers_that_some_uses_lack_are_a_condition() -> None:
    source, *_ = compiled(
        "block unit(width) {\n    residual when same { conv width 1x1 | relu }\n}\n"
        "block more(width, deep) { seq { if deep > 1 { conv width 1x1 } | conv width 1x1 } }\n"
        f"{HEADER} a: unit 4 | b: unit 6 | c: more 4 2 | d: more 4 1\n}}"
    )
    assert "Unit2" not in source
    assert "self.residual = in_channels == width" in source or "residual: bool" in source


def test_numbers_of_the_network_are_arguments() -> None:
    source, module, _ = compiled(f"{HEADER} flatten | out: dense classes\n}}")
    assert "def __init__(self, classes: int = 3) -> None:" in source
    assert type(module)(classes=5).out.out_features == 5


def test_what_changes_the_structure_is_no_argument() -> None:
    source, *_ = compiled("network N(depth = 2, width = 4) {\n input 4x8x8\n repeat depth { conv width 1x1 | relu }\n}")
    assert "width: int = 4" in source
    assert "depth:" not in source
    assert "at depth=2" in source


NAMES = ("class", "lambda", "None", "train", "training", "forward", "parameters", "half", "T_destination", "_modules",
         "x", "self", "nn", "torch", "F", '"add-on"', '"3d"', "range", "super", "extend", "print", "Tensor")  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["{}: conv 4 1x1 | relu", "{}: seq {{ inner: conv 4 1x1 | tanh }}",
                                  "{}: seq {{ conv 4 1x1 | tanh }}", "scope: seq {{ {}: conv 4 1x1 | relu | conv 4 1x1 }}",
                                  "{}: scale init=2", "residual {{ {}: dropout 0.5 | conv 4 1x1 }}",
                                  "concat {{ branch {{ {}: conv 4 1x1 }} | branch {{ identity }} }}"])  # fmt: skip
def test_any_label_is_valid(name: str, form: str) -> None:
    _, module, checked = compiled(f"{HEADER} {form.format(name)}\n global_avgpool | flatten | dense classes\n}}")
    assert set(module.state_dict()) == {*checked.graph.parameters, *checked.graph.buffers}
    for mode in (True, False):
        assert all(each.training is mode or "training" in each._modules for each in module.train(mode).modules())


@pytest.mark.parametrize("name", ["lambda", "self", "x", "nn", "max", "import", "F", "in_channels2"])
def test_any_parameter_is_valid(name: str) -> None:
    text = f"block unit({name}, k = 1) {{ conv {name} k | relu }}\n{HEADER} unit 5 | unit 6 k=3\n}}"
    assert "Unit(" in compiled(text)[0]


def test_networks_may_have_any_name() -> None:
    for name in ("Tensor", "nn", "OrderedDict", "torch", "F"):
        compiled(f"network {name} {{\n input 4x8x8\n conv 4 1x1 | relu\n}}")


def test_docs_are_carried_over_and_cannot_break_out() -> None:
    _, module, _ = compiled('## Quotes: """ and \\n a backslash \\\n## Ends in "quotes"\n' + HEADER + " conv 4 1x1\n}")
    assert '""" and' in type(module).__doc__


@pytest.mark.parametrize("body", [
    "left, right: split 2 | from left | conv 3 1x1 | concat right",
    "a: conv 4 1x1 | b: conv 4 1x1 | add a | mul a",
    "a: seq { conv 4 1x1 | inner: relu | conv 4 1x1 | add inner }",
    "identity", "seq { identity }", "residual { identity } shortcut identity", "from skip | conv 4 1x1",
    "residual { conv 8 3x3 stride=2 pad=1 | bn } shortcut projection", "residual { conv 6 1x1 } shortcut pad",
    "avgpool 3x3 stride=2 pad=(top=0, bottom=1, left=0, right=1)", "conv 4 3x3 pad=(top=0, bottom=1, left=2, right=1)",
    "head weight=0.3 { global_avgpool | flatten | dense 3 } | conv 4 1x1",
    "seq { head weight=0.3 { aux: conv 4 1x1 } | conv 4 1x1 } | relu",
    "seq { head weight=0.3 { aux: conv 4 1x1 } }",
    "conv 4 1x1 | tanh | relu", "relu | residual { relu | conv 4 1x1 }", "residual { relu | relu6 }",
    "pad 1 mode=reflect | pad 2 mode=replicate | crop 6x6 | upsample 2", "maxout 2 | kmax_pool 3 | lppool 2",
])  # fmt: skip
def test_values_flow_as_in_the_graph(body: str) -> None:
    compiled(f"{HEADER} skip: conv 4 1x1\n {body.replace(' | ', chr(10) + ' ')}\n}}")


def test_a_use_of_many_values_has_many_arguments() -> None:
    source, *_ = compiled(
        f"block join(other) {{ conv 4 1x1 | add other }}\n{HEADER} a: conv 4 1x1\n conv 4 1x1\n join a\n}}"
    )
    assert "def forward(self, x: Tensor, x2: Tensor) -> Tensor:" in source


def test_no_state_is_kept_of_an_activation_in_place() -> None:
    """The input of a network is never changed."""
    _, module, _ = compiled(f"{HEADER} relu | relu6 | conv 4 1x1\n}}")
    x = torch.randn(2, 4, 8, 8, dtype=torch.float64)
    before = x.clone()
    module(x)
    assert torch.equal(x, before)


def test_the_command_writes_what_the_function_gives(tmp_path, capsys) -> None:
    path = tmp_path / "model.py"
    assert main(["compile", "zoo:lenet5", "--to", "torch", "-o", str(path)]) == 0
    capsys.readouterr()
    assert main(["compile", "zoo:lenet5"]) == 0
    assert capsys.readouterr().out == path.read_text()
    assert "class LeNet5(nn.Module):" in path.read_text()


def test_what_torch_lacks_is_refused(tmp_path) -> None:
    pool = "avgpool 4x4 stride=3 pad=(top=0, bottom=2, left=0, right=0) ceil_mode=true count_include_pad=false"
    made = cnndsl.Model(cnndsl.check_text(f"network N {{\n input 1x4x4\n {pool}\n}}"))
    for use in (made.torch_source, made.to_torch):
        with pytest.raises(DiagnosticError, match="E0433"):
            use()


def test_a_broken_spec_is_refused() -> None:
    with pytest.raises(DiagnosticError, match="E0201"):
        cnndsl.Model(cnndsl.check_text("network N {\n input 1x4x4\n nothing 3\n}")).to_torch()


def test_a_convolution_over_the_whole_input_is_a_linear_layer_where_sizes_are_fixed() -> None:
    body = "    conv 6 8x8 | relu | conv 5 1x1\n"
    source, module, _ = compiled(HEADER + body + "    flatten | dense classes\n}")
    assert "WholeConv2d(4, 6, 8)" in source
    assert module.get_parameter("0.weight").shape == (6, 4, 8, 8)
    assert "WholeConv2d" not in compiled(HEADER + body + "}")[0]
    for other in ("conv 6 8x8 groups=2", "conv 6 8x8 pad=1", "conv 6 7x7"):
        assert "WholeConv2d" not in compiled(HEADER + f"    {other} | flatten | dense classes\n}}")[0]
