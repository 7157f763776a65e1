"""How much memory a training step or a prediction takes, as a table and as data."""

from __future__ import annotations

from typing import Any

from ..analysis.memory import Memory, inference_memory, slots_of, training_memory
from ..diagnostics.text import sanitize
from ..ir import Graph
from ..recipe import Recipe
from .words import format_bytes

__all__ = ["memory_of", "memory_to_json", "render_memory"]


def memory_of(graph: Graph, recipe: Recipe | None, mode: str, batch: int) -> Memory:
    """That of a step, ``train``, with the optimizer of the recipe or else SGD with momentum, or of a prediction, ``infer``."""
    if mode == "infer":
        return inference_memory(graph, batch)
    parts = recipe.accumulate if recipe is not None else 1
    return training_memory(graph, -(-batch // parts), slots_of(recipe))


def render_memory(graph: Graph, recipe: Recipe | None, mode: str, batch: int) -> str:
    """The table for people."""
    memory = memory_of(graph, recipe, mode, batch)
    each = memory_of(graph, None, mode, batch + 1).total - memory_of(graph, None, mode, batch).total
    work = "a training step on" if mode == "train" else "a prediction for"
    samples = "1 sample" if batch == 1 else f"{batch:,} samples"
    rows = {
        "parameters": (memory.parameters, "with running statistics" if graph.buffers else ""),
        "optimizer": (memory.optimizer, _optimizer(recipe)),
        "gradients": (memory.gradients, "by parameters, at the worst moment"),
        "activations": (memory.activations, f"{format_bytes(each)} for each sample more"),
        "total": (memory.total, ""),
    }
    if mode == "infer":
        rows["parameters"] = (memory.parameters, "those of convolutions twice: as they are, and packed")
        del rows["optimizer"], rows["gradients"]
    lines = [f"{name:<12}{format_bytes(count):>12}  {note}".rstrip() for name, (count, note) in rows.items()]
    heading = f"{sanitize(graph.name)}: {work} {samples}, in float32 by PyTorch on a CPU, at the worst moment"
    return "\n".join([heading, "", *lines]) + "\n"


def memory_to_json(graph: Graph, recipe: Recipe | None, mode: str, batch: int) -> dict[str, Any]:
    """The figures in bytes."""
    memory = memory_of(graph, recipe, mode, batch)
    parts = {name: getattr(memory, name) for name in ("parameters", "optimizer", "gradients", "activations", "total")}
    return {"network": graph.name, "mode": mode, "batch": batch, "bytes": parts}


def _optimizer(recipe: Recipe | None) -> str:
    name = recipe.optimizer.name if recipe is not None else "sgd with momentum"
    return f"what {name} keeps for each parameter"
