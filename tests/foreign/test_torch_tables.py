"""The tables of calls of PyTorch are the signatures of the one that is installed."""

from __future__ import annotations

import inspect
import re

import pytest
import torch
from torch import nn
from torch.nn import functional

from cnndsl.translation.layers import TORCH, TORCH_FUNCTIONS
from cnndsl.translation.names import fold
from cnndsl.translation.records import Row, row
from cnndsl.translation.tool_names import LAYERS


def _parameters(made: Row) -> dict[str, object]:
    return {
        item.names[0]: inspect.Parameter.empty if item.default is None else item.default.value
        for item in made.parameters
        if item.names[0] not in ("input", "*")
    }


def _signature(name: str) -> dict[str, object]:
    """The parameters of a function of PyTorch with their defaults, from its signature or its first line of documentation."""
    function = getattr(functional, f"_{name}", None) or getattr(functional, name, None) or getattr(torch, name)
    try:
        found = inspect.signature(function)
    except ValueError:
        first = re.sub(r"\s*->.*", "", (function.__doc__ or "").strip().partition("\n")[0])
        text = first.partition("(")[2].rstrip().removesuffix(")").replace(", *, out=None", "")
        found = inspect.signature(eval(f"lambda {text}: None"))
    dropped = ("input", "args", "kwargs", "out")
    return {each.name: each.default for each in found.parameters.values() if each.name not in dropped}


@pytest.mark.parametrize("name", TORCH)
def test_a_row_is_the_signature_of_a_module(name: str) -> None:
    found = inspect.signature(getattr(nn, name)).parameters.values()
    theirs = {each.name: each.default for each in found if each.name not in ("args", "kwargs")}
    _assert_same(_parameters(row("PyTorch", name, TORCH[name])), theirs, row("PyTorch", name, TORCH[name]))


@pytest.mark.parametrize("name", [name for name in TORCH_FUNCTIONS if name not in ("concat", "concatenate")])
def test_a_row_is_the_signature_of_a_function(name: str) -> None:
    made = row("PyTorch", name, TORCH_FUNCTIONS[name])
    _assert_same(_parameters(made), _signature(name), made)


def _assert_same(ours: dict[str, object], theirs: dict[str, object], made: Row) -> None:
    """The same names in the same order, and the same defaults of what is not left out."""
    assert [name for name in ours if name in theirs] == [name for name in theirs if name in ours]
    assert set(ours) == set(theirs)
    for item in made.parameters:
        name = item.names[0]
        if item.mark != "~" and name in theirs:
            assert ours[name] == theirs[name], name


def test_every_layer_of_torch_is_known_by_name() -> None:
    known = {fold(name) for name in LAYERS["PyTorch"].split()}
    for name in dir(nn):
        found = getattr(nn, name)
        if inspect.isclass(found) and issubclass(found, nn.Module) and not name.endswith(("Loss", "Loss2d", "Base")):
            assert fold(name) in known or name in _NO_LAYERS, name


_NO_LAYERS = ("Module", "Container", "DataParallel", "ModuleDict", "ParameterDict", "ParameterList")
