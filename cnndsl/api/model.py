"""A network as people use it from Python."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable, Iterable
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

from ..reading import read_spec
from ..source import SpecRequest

if TYPE_CHECKING:
    import graphviz
    from torch import nn

    from ..backends.base import Array, Computing, Network
    from ..diagnostics import Diagnostic
    from ..ir import Graph
    from ..solve import InputSizes
    from ..training import TrainingResult, Weights
    from ..training.checkpoints.record import CheckpointRecord
    from .checking import Checked


__all__ = ["Model", "load"]


def load(
    path: str | os.PathLike[str],
    *,
    network: str | None = None,
    input_shape: tuple[int, ...] | None = None,
    **settings: Any,
) -> Model:
    """Read a spec from a file or the zoo (``zoo:lenet5``) and build its network with these parameters.

    Mistakes in the spec do not raise here: :meth:`Model.check` tells them, and every other method raises them.

    Raises:
        DiagnosticError: If the file cannot be read.
    """
    source, entry_settings = read_spec(os.fspath(path))
    given = {name: _plain(value) for name, value in settings.items()}
    shape = None if input_shape is None else tuple(map(_plain, input_shape))
    request = SpecRequest(source, {**entry_settings, **given}, network, shape)
    return Model(_checked(request) if request.key is None else request)  # files that it uses are read now


def _checked(request: SpecRequest) -> Checked:
    from .checking import check_source

    return check_source(request.source, request.settings, request.network, request.input_shape)


class Model:
    """A network: its spec, its typed graph, and after :meth:`train` or :meth:`restore` its weights."""

    def __init__(self, spec: Checked | SpecRequest) -> None:
        self._spec = spec
        self._network: Network | None = None

    @cached_property
    def checked(self) -> Checked:
        """What is known of the spec, which is checked for whoever is the first to ask."""
        return _checked(self._spec) if isinstance(self._spec, SpecRequest) else self._spec

    def __repr__(self) -> str:
        return f"Model({self.checked.source.name!r}, {self.checked.graph})"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """What a notebook shows: the picture and the table; of a spec with errors, what is wrong with it."""
        if self.checked.has_errors or self.checked.graph is None:
            from ..diagnostics.text import markup

            if not self.check():
                return {"text/plain": f"`{self.checked.source.name}` has no network"}
            return {"text/plain": "\n".join(map(str, self.check())), "text/html": markup(*self.check())}
        table, svg = self.summary(), self.diagram()._repr_mimebundle_().get("image/svg+xml")
        if svg is None:
            return {"text/plain": table}
        return {"text/plain": table, "text/html": _both(svg, table), "image/svg+xml": svg}

    @property
    def graph(self) -> Graph:
        """The typed graph."""
        return self.checked.require_graph()

    def check(self) -> tuple[Diagnostic, ...]:
        """All errors and warnings; empty if the spec is clean."""
        return self.checked.diagnostics

    def summary(self, *, explain: bool = False, depth: int | None = None, full: bool = False) -> str:
        """The table of layers with shapes, parameters and costs; ``explain`` adds the formulas.

        Equal blocks in a row are one line, and blocks are opened to a ``depth`` of 1 or more, by default as far as the table
        has at most 60 lines; ``full`` gives each layer a line.
        """
        from ..reports.summary import render_summary

        return render_summary(self.graph, explain=explain, depth=depth, full=full)

    def solve(self, shape: tuple[int | None, ...] | None = None, *, up_to: int = 2048) -> InputSizes:
        """Which sizes of the input from 1 to ``up_to`` are legal, drop no rows, and meet the contracts.

        ``shape`` has None for the sizes to find; without it these are all but the channels.
        """
        from .solving import solve_source

        graph = self.checked.require_graph()
        return solve_source(self.checked.source, graph.settings, graph.name, shape, up_to)

    def diagram(
        self, *, depth: int | None = None, expand: Iterable[str] = (), collapse: Iterable[str] = (), **look: Any
    ) -> graphviz.Digraph:
        """The picture of the network as a ``graphviz.Digraph``; its ``source`` is DOT.

        Blocks are expanded ``depth - 1`` deep, by default as far as 40 boxes allow; ``expand`` and ``collapse`` name blocks to
        expand and to collapse. ``look`` is as on the command line: ``theme="dark"``, ``heat="macs"``, ``direction="LR"``,
        ``style="volumes"``, ``title=False``, ``legend=False``, ``insets=False``, ``width=85`` (millimetres).

        Raises:
            DiagnosticError: E0011 if no block has one of the names.
        """
        from ..reports.diagram import diagram

        return diagram(self.graph, depth=depth, expand=expand, collapse=collapse, **look)

    def train(
        self,
        *,
        backend: str = "numpy",
        device: str = "cpu",
        dtype: str = "float32",
        data: Any = None,
        data_dir: str | os.PathLike[str] | None = None,
        output: str | os.PathLike[str] | None = None,
        resume: bool = False,
        report: Callable[[Any], None] | None = None,
        init_from: str | os.PathLike[str] | None = None,
        **changes: Any,
    ) -> TrainingResult:
        """Train as the spec's ``train { }`` says; ``changes`` replace its settings, and are checked as they are.

        ``data`` may be arrays in place of the data set: ``(x, y)``, of which a fifth of each class is held out, or
        ``((x, y), (x, y))`` with what is held out. x is N x input shape, y N class numbers; bytes are grey levels or colours,
        which are scaled to a mean of 0 and a deviation of 1, and other numbers are used as they are. ``resume`` goes on with
        the training in the folder ``output``.

        A change is what is written after the word of a setting: ``epochs=3``, ``optimizer="adam lr=1e-3"``; what
        :mod:`cnndsl.recipe` has for it, such as ``optimizer=Adam(lr=1e-3)``; or names and rates of layers:
        ``freeze=["features"]``, ``lr={"classifier": 1e-3}``.

        ``init_from`` is a file of weights, as :meth:`load_weights` reads it: training starts from the weights in it that fit.
        ``threads=2``, ``compiled=True`` and ``exact=True`` mean what ``--threads``, ``--compile`` and ``--exact`` mean on the
        command line.

        Of what is cut off the samples Python warns.

        Raises:
            DiagnosticError: If the spec, its data, the weights or the output folder is at fault.
            ValueError: If ``resume`` is asked for without ``output``, or if there is no such backend or dtype.
        """
        from ..attributes import Declared
        from ..training import Run, read_data, read_weights, train_network
        from ..training.data import Data, Request, data_of_pairs
        from .recipes import with_changes

        if resume and output is None:
            raise ValueError("`resume` needs `output`, the folder of the training that goes on")
        computing = {name: changes.pop(name) for name in ("threads", "compiled", "exact") if name in changes}
        if isinstance(data, str | Declared):  # the name of a data set, as a setting
            data, changes = None, {**changes, "data": data}
        recipe = with_changes(self.checked.require_recipe(), changes)
        if data is None:
            lost: list[Diagnostic] = []
            data = read_data(self.graph, recipe, _text(data_dir), self.checked.source.folder, lost.append)
            for each in lost:
                warnings.warn(str(each), stacklevel=2)
        elif not isinstance(data, Data):
            data = data_of_pairs(data, Request(self.graph))
        weights = read_weights(os.fspath(init_from), self.graph).tensors if init_from else {}
        result = train_network(
            self.graph,
            recipe,
            data,
            backend=backend,
            device=device,
            dtype=dtype,
            **computing,
            run=Run(_text(output), self.checked.source.text, resume, report=report or Run().report, weights=weights),
        )
        self._network = result.network
        return result

    def restore(
        self, checkpoint: str | os.PathLike[str], *, backend: str = "numpy", **computing: Unpack[Computing]
    ) -> None:
        """Load the weights of a checkpoint; ``backend`` and the options of computing are those of :meth:`train`.

        A checkpoint of this very spec has its network, which was checked before it was trained: it is taken from there.

        Raises:
            DiagnosticError: E0421 or E0422 if the checkpoint is damaged or of another network.
        """
        from ..training.checkpoints.loading import load_network, stored_graph

        def graph_of(record: CheckpointRecord) -> Graph:
            stored = stored_graph(record, self._spec) if isinstance(self._spec, SpecRequest) else None
            return stored or self.graph

        self._network = load_network(graph_of, os.fspath(checkpoint), backend=backend, **computing)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the weights to a safetensors file, under the names that ``to_torch().load_state_dict`` knows.

        Raises:
            DiagnosticError: E0003 if it cannot be written.
        """
        from ..training import save_weights

        save_weights(os.fspath(path), self._compiled().state())

    def load_weights(self, path: str | os.PathLike[str]) -> Weights:
        """Load the weights that fit from a safetensors file, such as published weights, or from a checkpoint.

        Returns:
            Which weights were loaded, have another shape, are new here or are unused; ``str`` of it is a report.

        Raises:
            DiagnosticError: E0001 if there is no file, E0421 if it is damaged or of another format, E0422 if nothing fits.
        """
        from ..training import read_weights

        weights = read_weights(os.fspath(path), self.graph)
        network = self._compiled()
        network.load_state({**network.state(), **weights.tensors})
        return weights

    def _compiled(self) -> Network:
        """The network with its weights, which are the initial ones of seed 0 before there are others."""
        from ..backends import find_backend

        if self._network is None:
            self._network = find_backend("numpy").compile(self.graph)
        return self._network

    def torch_source(self) -> str:
        """The network as a Python file: an ordinary ``torch.nn.Module`` that needs nothing but torch.

        Raises:
            DiagnosticError: E0006 without torch, E0433 for a layer that torch does not have.
        """
        from .compiling import torch_source

        return torch_source(self.checked)

    def to_torch(self, *, dtype: str = "float32") -> nn.Module:
        """The network as an ordinary ``torch.nn.Module``, with its weights: the class of :meth:`torch_source`.

        Raises:
            DiagnosticError: E0006 without torch, E0433 for a layer that torch does not have.
        """
        from .compiling import torch_module

        return torch_module(self.checked, None if self._network is None else self._network.state(), dtype)

    def predict(self, x: Array) -> Array:
        """The output for x, N x input shape, of any N; with untrained weights (seed 0) before :meth:`train`."""
        from ..training.checkpoints.loading import run_batches

        return run_batches(self._compiled(), x)


def _text(path: str | os.PathLike[str] | None) -> str | None:
    return None if path is None else os.fspath(path)


def _plain(value: Any) -> Any:
    """A number or an array of NumPy as Python's own numbers and lists."""
    return value.tolist() if hasattr(value, "tolist") else value


def _both(svg: str, table: str) -> str:
    """A picture above a table, as HTML that needs no other file."""
    from base64 import b64encode
    from html import escape

    picture = f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
    return f'<img style="max-width: 100%" src="{picture}"><pre>{escape(table)}</pre>'
