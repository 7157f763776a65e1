"""Ten and more public models, written as they are published: each becomes a spec with the same parameters and outputs."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import nn

from cnndsl import Model
from cnndsl.importing import Imported, import_source
from cnndsl.source import Source

MODELS = Path(__file__).parent / "models"

# The shape that an input is given if the file does not say it, and how the module is made of what the file defines.
TORCH = {
    "lenet5.py": ((1, 32, 32), "net"),
    "alexnet.py": (None, "AlexNet()"),
    "vgg11.py": ((3, 64, 64), "model"),
    "resnet18.py": ((3, 64, 64), "model"),
    "mobilenet_v2.py": ((3, 64, 64), "model"),
    "unet.py": ((3, 32, 32), "model"),
    "mnist_sequential.py": ((1, 28, 28), "model"),
    "inception_module.py": ((3, 35, 35), "SmallInception()"),
}
# What Keras prints as trainable, and what Darknet's weights hold without running means and variances; worked out by hand
# in the comments.
FIGURES = {
    # 320 + 18,496 + 16,010
    "keras_mnist.py": 34_826,
    # as the guide prints it: 896 + 18,496 + 5 * 36,928 + 16,640 + 2,570
    "keras_toy_resnet.py": 223_242,
    # the stem 3,840; the rounds of 256, 512 and 728 channels 136,320, 534,784 and 1,291,712; the end 756,121
    "keras_xception.py": 2_722_777,
    # the published 20.8 million
    "darknet19.cfg": 20_842_376,
    # 8,858,734 as often printed, less 6,368 running means and variances
    "yolov3-tiny.cfg": 8_852_366,
}


def imported(name: str, shape: tuple[int, ...] | None = None) -> Imported:
    text = (MODELS / name).read_text(encoding="utf-8")
    return import_source(Source(name, text), shape)


def module(name: str, made_by: str) -> nn.Module:
    """The module of a file, which is run here, and nowhere in cnndsl."""
    torch.manual_seed(1)
    names: dict[str, Any] = runpy.run_path(str(MODELS / name), {"nn": nn})
    made: nn.Module = eval(made_by, names)
    return made.eval()


@pytest.mark.parametrize("name", [*TORCH, *FIGURES])
def test_a_model_becomes_a_spec_without_mistakes(name: str) -> None:
    found = imported(name, TORCH[name][0] if name in TORCH else None)
    assert [item for item in found.diagnostics if item.is_error] == []
    assert found.checked is not None
    assert [item for item in found.checked.diagnostics if item.is_error] == []


@pytest.mark.parametrize("name", FIGURES)
def test_the_parameters_are_those_that_are_published(name: str) -> None:
    found = imported(name)
    assert found.checked is not None
    assert found.checked.require_graph().parameter_count == FIGURES[name]


@pytest.mark.parametrize("name", TORCH)
def test_the_parameters_have_the_names_and_shapes_of_the_module(name: str) -> None:
    shape, made_by = TORCH[name]
    graph = imported(name, shape).checked.require_graph()  # type: ignore[union-attr]
    theirs = {key: tuple(value.shape) for key, value in module(name, made_by).named_parameters()}
    assert {key: spec.shape for key, spec in graph.parameters.items()} == theirs


@pytest.mark.parametrize("name", ["lenet5.py", "resnet18.py", "mobilenet_v2.py", "unet.py", "inception_module.py"])
def test_the_outputs_are_those_of_the_module(name: str) -> None:
    shape, made_by = TORCH[name]
    theirs = module(name, made_by)
    found = imported(name, shape)
    assert found.checked is not None
    ours = Model(found.checked).to_torch()
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(2, *(shape or ()), generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        torch.testing.assert_close(ours.eval()(x), theirs(x))
