"""Inputs that nobody here chose: torch's own samples for its functions, forwards and backwards, against the NumPy kernels."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor

from cnndsl.backends.numpy.kernels import Pass, find_kernel
from cnndsl.ir import Node, Value
from cnndsl.ops import OperatorError, TensorType
from tests.conformance.opinfo import TRANSLATIONS, Translation, Use
from tests.support.graphs import SPAN

pytest.importorskip("expecttest", reason="torch's testing modules need it")

ROUGH = {"nn.functional.hardsigmoid": 1e-7}
"""torch's gradient in float64 holds the factor 1/6 in single precision (2.13)."""


def op_info(name: str) -> list[Any]:
    from torch.testing._internal.common_methods_invocations import op_db

    return [item for item in op_db if item.name == name and torch.float64 in item.dtypes]


def translated(sample: Any, translation: Translation) -> Use | None:
    """The use that a sample means, or None; samples of no numbers are left out."""
    tensors = sample.input if isinstance(sample.input, list | tuple) else [sample.input]
    if not all(tensor.numel() for tensor in tensors):
        return None
    return translation(sample.input, *sample.args, **sample.kwargs)


def some(samples: Iterable[Any]) -> list[Any]:
    """Up to some hundreds of samples, spread evenly: max pooling alone has 1440."""
    samples = list(samples)
    return samples[:: len(samples) // 300 + 1]


def refused(use: Use) -> bool:
    """Whether our shape rule says no: a kernel larger than the image, one number to normalise, ..."""
    try:
        Run(use)
    except OperatorError:
        return True
    return False


def array(tensor: Tensor, batched: bool = True) -> np.ndarray:
    """The numbers of a tensor, with a batch axis if it has none."""
    numbers = tensor.detach().numpy()
    return numbers if batched else numbers[np.newaxis]


class Run:
    """Our kernel on a use: outputs, and gradients by inputs and tensors."""

    def __init__(self, use: Use) -> None:
        inputs = [array(tensor, use.batched) for tensor in use.inputs]
        dtype = "float" if use.inputs[0].is_floating_point() else "token"
        values = tuple(Value(TensorType(x.shape[1:], dtype)) for x in inputs)
        operator = use.operator.resolve(*(value.type for value in values))
        self.types = operator.outputs(*(value.type for value in values))
        node = Node("", operator, values, tuple(map(Value, self.types)), SPAN)
        tensors = {name: np.atleast_1d(array(tensor)).copy() for name, tensor in use.tensors.items()}
        self.kernel = find_kernel(node)(operator, "", tensors, Pass(training=use.training), input_needed=True)
        made = self.kernel.forward(*inputs)
        self.outputs = made if isinstance(made, tuple) else (made,)

    def backward(self, gradients: list[np.ndarray]) -> tuple[tuple[np.ndarray, ...], dict[str, np.ndarray]]:
        return self.kernel.backward(*gradients), self.kernel.gradients


def compare(name: str, use: Use, expected: Any) -> None:
    """Hold outputs and gradients to torch's."""
    close = {"rtol": 1e-10, "atol": ROUGH.get(name, 1e-10)}
    run = Run(use)
    outputs = expected if isinstance(expected, tuple | list) else (expected,)
    if name == "nn.functional.embedding":
        outputs = (outputs[0].swapaxes(-1, -2),)
    outputs = [output for output in outputs if output.is_floating_point()]
    for found, type_, wanted in zip(run.outputs, run.types, outputs, strict=True):
        assert found.shape[1:] == type_.shape
        np.testing.assert_allclose(found, array(wanted, use.batched), **close)
    rng = np.random.default_rng(0)
    weights = [rng.normal(size=found.shape) for found in run.outputs]
    sources = [tensor for tensor in (*use.inputs, *use.tensors.values()) if tensor.requires_grad]
    total = sum((torch.tensor(w).reshape(y.shape) * y).sum() for w, y in zip(weights, outputs, strict=True))
    wanted = dict(zip(map(id, sources), torch.autograd.grad(total, sources), strict=True))
    by_input, by_tensor = run.backward(weights)
    for tensor, gradient in zip(use.inputs, by_input, strict=False):
        np.testing.assert_allclose(gradient, array(wanted[id(tensor)], use.batched), **close)
    for leaf, gradient in by_tensor.items():
        np.testing.assert_allclose(gradient, np.atleast_1d(array(wanted[id(use.tensors[leaf])])), **close)


@pytest.mark.parametrize("name", TRANSLATIONS)
@pytest.mark.filterwarnings("ignore")
def test_torchs_samples(name: str) -> None:
    translation, least = TRANSLATIONS[name]
    compared = 0
    for item in op_info(name):
        for sample in some(item.sample_inputs("cpu", torch.float64, requires_grad=True)):
            use = translated(sample, translation)
            if use is None or refused(use):
                continue
            compare(name, use, item.op(sample.input, *sample.args, **sample.kwargs))
            compared += 1
    assert compared >= least
