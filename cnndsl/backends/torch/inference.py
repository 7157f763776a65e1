"""A network as predictions run it: derived from its live module, which stays as it is.

The module is traced by ``torch.fx``, so there is one path from a graph to what runs. What only training needs goes,
normalisations are folded into convolutions, and on a CPU a convolution applies the activation after it.
"""

from __future__ import annotations

import copy
import operator
from collections.abc import Callable, Sequence
from functools import reduce
from math import isfinite
from typing import Any

import torch
import torch.nn.functional as F  # noqa: N812
from torch import Tensor, fx, nn
from torch.nn.modules.batchnorm import _BatchNorm

from ...ir import Graph
from .compiled import ForOneSize, by_inductor, by_onednn, has_onednn_graphs
from .dropout import KeyedDropout
from .folded import CONVOLUTIONS, NORMS, PLAIN, FoldedConv, PackedConv, can_pack
from .tiled import TiledConv

__all__ = ["Inference", "conv_kinds", "derived", "traced"]

_GONE = (nn.Dropout, nn.Dropout1d, nn.Dropout2d, nn.Identity, KeyedDropout)


_ACTIVATIONS: dict[Any, tuple[str, list[float]]] = {
    F.relu: ("relu", []),
    F.relu6: ("hardtanh", [0.0, 6.0]),
    F.silu: ("swish", []),
    F.hardswish: ("hardswish", []),
    torch.tanh: ("tanh", []),
    torch.sigmoid: ("sigmoid", []),
    nn.ReLU: ("relu", []),
    nn.ReLU6: ("hardtanh", [0.0, 6.0]),
    nn.SiLU: ("swish", []),
    nn.Hardswish: ("hardswish", []),
    nn.Tanh: ("tanh", []),
    nn.Sigmoid: ("sigmoid", []),
}
"""What oneDNN calls activations."""


class Inference:
    """Runs batches in evaluation mode; what was derived of the tensors is made anew as soon as they have changed.

    That is told by the tensors' versions, which all that writes to them in place counts up; ``tensor.data`` and fused
    optimizers do not.
    Infinities and what is not a number are left to the module itself, which carries them to the output.
    """

    def __init__(self, graph: Graph, module: nn.Module, device: torch.device, *, compiled: bool = False) -> None:
        self._graph = graph
        self._module = module
        self._device = device
        tensors = (*module.parameters(), *module.buffers())
        self._tensors = [each for each in tensors if each.is_floating_point()]  # what counts batches is not read
        self._is_compiled = compiled
        self._versions: list[int] = []
        self._is_finite = True
        self._derive()

    def __call__(self, batch: Tensor) -> Tensor:
        """The output for a batch."""
        versions = [tensor._version for tensor in self._tensors]
        if versions != self._versions:
            self._refresh(versions)
        y: Tensor = self._run(batch) if self._is_finite and isfinite(batch.sum()) else self._module(batch)
        return y

    def _derive(self) -> None:
        self._derived = derived(self._graph, self._module, conv_kinds(self._device, compiled=self._is_compiled))
        self._folded = [each for each in self._derived.modules() if isinstance(each, FoldedConv)]
        self._run: Callable[[Tensor], Any] = called_directly(self._derived)

    def _refresh(self, versions: list[int]) -> None:
        if self._versions and self._is_compiled:
            self._derive()  # what was compiled has taken the tensors as constants
        for each in self._folded:
            each.refresh()
        # all in one number, so that a device is waited for once
        found = [tensor.sum().isfinite() for tensor in self._tensors]
        self._is_finite = not found or bool(torch.stack(found).all())
        self._versions = versions
        if self._is_compiled:
            self._run = ForOneSize(self._compiled, self._run)

    def _compiled(self, batch: Tensor) -> Callable[[Tensor], Any]:
        if has_onednn_graphs(self._device):
            return by_onednn(self._derived, batch)
        return by_inductor(self._derived, freezing=True, graphs=self._device.type == "cuda")


def traced(module: nn.Module, *, training: bool = False) -> fx.GraphModule:
    """The steps of a module in one of its modes, with its own layers and a ``forward`` that no other network shares."""
    return fx.GraphModule(module, _Tracer().trace(module.train(training)), type(module).__name__)


def conv_kinds(device: torch.device, *, compiled: bool = False) -> tuple[type[FoldedConv], ...]:
    """The kinds of convolutions that run on a device, the fastest first; what compiles them packs the weights itself."""
    if compiled:
        return (TiledConv, FoldedConv) if has_onednn_graphs(device) else (FoldedConv,)
    return (TiledConv, PackedConv, FoldedConv) if can_pack(device) else (FoldedConv,)


def derived(graph: Graph, module: nn.Module, kinds: Sequence[type[FoldedConv]]) -> fx.GraphModule:
    """The same steps with each convolution folded, as the first of these kinds that takes it; other layers are the module's."""
    made = traced(module)
    shapes = {node.path: node.input.type.shape for node in graph.nodes}
    for step in _steps(made, _GONE):
        _replace(made, step, step.args[0])
    for step in _steps(made, CONVOLUTIONS):
        _fold(made, step, shapes[step.target], kinds)
    for step in made.graph.nodes:
        step.target = _RESPONSE_NORM if step.target is F.local_response_norm else step.target
    for step in list(made.graph.nodes):
        conv = _add(made, step) or step
        if _is_call(made, conv, (FoldedConv,)):
            _activate(made, conv)
    made.delete_all_unused_submodules()
    made.recompile()
    return made


def called_directly(made: fx.GraphModule) -> Callable[[Tensor], Any]:
    """The same steps, with folded convolutions called as functions: torch looks for a layer by name, and for its hooks."""
    graph = copy.deepcopy(made.graph)
    for step in graph.nodes:
        if _is_call(made, step, (FoldedConv,)):
            step.op, step.target = "call_function", made.get_submodule(step.target).forward
    return fx.GraphModule(made, graph).forward


class _Tracer(fx.Tracer):
    """Looks into every module but those of torch, what is a sort of them, and our dropout."""

    def is_leaf_module(self, module: nn.Module, qualified_name: str) -> bool:
        return isinstance(module, KeyedDropout | _BatchNorm | nn.Conv2d) or super().is_leaf_module(
            module, qualified_name
        )


def _steps(made: fx.GraphModule, kinds: tuple[type[nn.Module], ...]) -> list[Any]:
    """The calls of layers of some kinds, in order."""
    return [each for each in made.graph.nodes if _is_call(made, each, kinds)]


def _is_call(made: fx.GraphModule, step: Any, kinds: tuple[type[nn.Module], ...]) -> bool:
    return step.op == "call_module" and isinstance(made.get_submodule(step.target), kinds)


def _replace(made: fx.GraphModule, step: Any, by: Any) -> None:
    step.replace_all_uses_with(by)
    made.graph.erase_node(step)


def _fold(made: fx.GraphModule, step: Any, shape: tuple[int, ...], kinds: Sequence[type[FoldedConv]]) -> None:
    """Give a convolution the normalisation that alone reads it."""
    conv: Any = made.get_submodule(step.target)
    readers = list(step.users)
    norm: Any = None
    if len(readers) == 1 and _is_call(made, readers[0], NORMS):
        found: Any = made.get_submodule(readers[0].target)
        norm = found if found.running_var is not None else None
    if norm is not None:
        _replace(made, readers[0], step)
    folded = next(kind for kind in kinds if kind.takes(conv, shape))(conv, norm, shape)
    # under a name of its own: the module keeps its convolution
    step.target = f"{step.target.replace('.', '_')}__folded"
    made.add_submodule(step.target, folded)


def _add(made: fx.GraphModule, step: Any) -> Any:
    """Let a convolution add to what is read here for the last time, if another one made it; the convolution, if it does."""
    if step.target not in (operator.add, operator.iadd):
        return None
    places = {each: place for place, each in enumerate(made.graph.nodes)}
    convs = [each for each in step.args if isinstance(each, fx.Node) and _is_call(made, each, (PackedConv,))]
    if len(set(convs)) < 2:
        return None
    other, conv = sorted(convs, key=places.__getitem__)
    is_free = len(conv.users) == len(conv.args) == 1 and made.get_submodule(str(conv.target)).activation == PLAIN
    before = [each for each in other.users if each not in (step, conv)]
    # nothing reads it later, nor what may be a view of it, nor the convolution itself, while it is overwritten
    is_read = conv in other.users or not all(_is_call(made, each, (PackedConv,)) for each in before)
    if not is_free or is_read or any(places[each] > places[conv] for each in before):
        return None
    conv.args = (*conv.args, other)
    _replace(made, step, conv)
    return conv


def _activate(made: fx.GraphModule, step: Any) -> None:
    """Let a convolution apply the activation that alone reads it."""
    readers = list(step.users)
    activation = _activation(made, readers[0]) if len(readers) == 1 else None
    conv: Any = made.get_submodule(step.target)
    adds = len(step.args) > 1  # and oneDNN has a ReLU alone after it
    if activation is not None and conv.applies(activation[0]) and (not adds or activation[0] == "relu"):
        conv.activation = activation
        _replace(made, readers[0], step)


def _activation(made: fx.GraphModule, step: Any) -> tuple[str, list[float]] | None:
    if step.op == "call_module":
        return _ACTIVATIONS.get(type(made.get_submodule(step.target)))
    return _ACTIVATIONS.get(step.target) if step.op == "call_function" else None


@torch.library.custom_op("cnndsl::response_norm", mutates_args=())
def _response_norm(x: Tensor, size: int, alpha: float = 1e-4, beta: float = 0.75, k: float = 1.0) -> Tensor:
    """``F.local_response_norm`` by sums of shifted channels, in 0.25 to 0.4 of the time that its pooling takes.

    It is an operator, as a graph of oneDNN takes 4 times as long if it is to sum the parts itself.
    """
    x, channels = _channels_last(x), x.shape[1]
    squares = F.pad((x * x).movedim(1, -1), (size // 2, (size - 1) // 2))
    total = reduce(operator.add, (squares[..., first : first + channels] for first in range(size)))
    return x / (total.movedim(-1, 1) * (alpha / size) + k).pow(beta)


@_response_norm.register_fake
def _(x: Tensor, *numbers: float, **named: float) -> Tensor:
    return torch.empty_like(_channels_last(x))


def _channels_last(x: Tensor) -> Tensor:
    return x.contiguous(memory_format=torch.channels_last) if x.ndim == 4 else x


_RESPONSE_NORM = torch.ops.cnndsl.response_norm.default
