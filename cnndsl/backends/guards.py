"""What every backend checks of arrays that come from outside, before they change anything."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from .. import diagnostics
from ..diagnostics import kinds
from ..ir import Graph
from ..ops import Shape, format_shape

if TYPE_CHECKING:
    from ..recipe import Precision
    from .options import Array

__all__ = ["as_array", "check_input", "check_labels", "check_state", "check_statistics", "require_full_precision"]


def as_array(x: Any) -> Array:
    """What a caller gives as an array; E0413 if NumPy cannot make it one, as a list of rows of different lengths."""
    try:
        return np.asarray(x)
    except (ValueError, TypeError, RuntimeError) as error:
        message = f"this cannot be read as an array: {str(error).rstrip('.')}"
        raise _misfit(message, "give a NumPy array, or lists of equal length") from None


def check_input(x: Array, graph: Graph) -> None:
    """Raise E0413 unless x is a batch of samples of the shape of the graph's input, and of its tokens."""
    if np.asarray(x).dtype.kind not in "biuf":
        message = f"the network takes real numbers, and this array holds {np.asarray(x).dtype}"
        raise _misfit(message, "give an array of float32")
    found, wanted = np.shape(x), graph.input.type.shape
    if found[1:] == wanted and len(found) == len(wanted) + 1:
        _check_tokens(np.asarray(x), graph)
        return
    raise _misfit(
        f"the network takes batches Nx{format_shape(wanted)}, and this array is {format_shape(found)}",
        "give an array whose first axis counts the samples",
    )


def _check_tokens(x: Array, graph: Graph) -> None:
    """Raise E0413 unless tokens are whole numbers that every embedding knows."""
    if graph.input.type.dtype != "token" or not x.size:
        return
    if not np.issubdtype(x.dtype, np.integer):
        raise _misfit(f"tokens are whole numbers, and this array holds {x.dtype}", "give an array of int64")
    from ..ops.learned import Embedding  # pictures do without

    embeddings = [node.operator for node in graph.nodes if isinstance(node.operator, Embedding)]
    known = min((embedding.num_embeddings for embedding in embeddings), default=None)
    if known is not None and not 0 <= int(x.min()) <= int(x.max()) < known:
        raise _misfit(
            f"the tokens go from {x.min()} to {x.max()}, and the network knows {known} of them",
            f"number the tokens from 0 to {known - 1}, or let `embedding` know more of them",
        )


def check_statistics(graph: Graph, batch: int, frozen: Collection[str] = ()) -> None:
    """Raise E0413 if a batch to train on leaves a batch normalisation one number per channel, which has no variance.

    Those whose paths are ``frozen`` normalise by what they have.
    """
    from ..analysis.fit import without_variance  # a prediction does without

    found = without_variance(graph, batch, frozen)
    if found is not None:
        raise diagnostics.DiagnosticError(found)


def check_labels(labels: Array, scores: Shape) -> None:
    """Raise E0413 unless labels has a class number for each vector of scores, in the shape N x K or N x K x ...

    Shares of the classes, numbers with a point in the shape of the scores, are taken as well.
    """
    if labels.dtype.kind == "f" and labels.shape == tuple(scores):
        return
    places, classes = (scores[0], *scores[2:]), scores[1]
    if labels.shape != places:
        raise _misfit(
            f"scores of {format_shape(tuple(scores))} need labels of {format_shape(places)}, "
            f"and these are {format_shape(labels.shape)}",
            "give one class number for each vector of scores, and end the network in one number per class",
        )
    if labels.size and not 0 <= int(labels.min()) <= int(labels.max()) < classes:
        raise _misfit(
            f"the labels go from {labels.min()} to {labels.max()}, and the network tells {classes} classes apart",
            f"number the classes from 0 to {classes - 1}, or let the network end in more of them",
        )


def check_state(state: Mapping[str, Array], shapes: Mapping[str, Shape]) -> None:
    """Raise E0422 unless a state has the names and shapes of the tensors that it is to replace."""
    problems = [f"`{name}` is missing" for name in shapes if name not in state]
    problems += [f"`{name}` is not one of the network" for name in state if name not in shapes]
    problems += [
        f"`{name}` is {format_shape(np.shape(state[name]))} in place of {format_shape(shape)}"
        for name, shape in shapes.items()
        if name in state and np.shape(state[name]) != tuple(shape)
    ]
    if not problems:
        return
    more = f", and {len(problems) - 1} more like it" if len(problems) > 1 else ""
    raise diagnostics.refusal(
        kinds.training.CHECKPOINT_MISFIT,
        f"these tensors are not those of the network: {problems[0]}{more}",
        help=("use the spec and the settings that the checkpoint was made with",),
    )


def require_full_precision(precision: Precision) -> None:
    """Raise E0433 for a precision of 16 bits, in which NumPy has nothing that is fast."""
    if precision.name != "float32":
        message = f"the numpy backend does not compute in `precision {precision.name}`"
        help_ = "add `--backend torch`, or remove the setting"
        raise diagnostics.refusal(kinds.training.BACKEND_LIMITATION, message, help=(help_,))


def _misfit(message: str, help_text: str) -> diagnostics.DiagnosticError:
    return diagnostics.refusal(kinds.training.DATA_MISFIT, message, help=(help_text,))
