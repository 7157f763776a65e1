"""Whether a network can be trained as its recipe says: what ``check`` tells beforehand, and ``train`` refuses to begin with."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ..diagnostics import Diagnostic, Label
from ..diagnostics.kinds import training
from ..ir import Graph, Value
from ..ops import Shape, element_count, format_shape
from ..ops.free_size import is_free
from ..ops.normalization import BatchNorm
from ..recipe import Dataset, Recipe
from ..recipe.normalization import Given, Usual
from .scopes import misfit_of_scopes

__all__ = ["misfit", "misfit_of_classes", "misfit_of_data", "misfit_of_recipe", "without_variance"]


def misfit(graph: Graph, recipe: Recipe) -> Diagnostic | None:
    """E0413 if the network does not fit the data, or a batch leaves a batch normalisation nothing to normalise.

    What depends on the free size of an input is not judged.
    """
    samples, batch = recipe.data.training_samples, recipe.batch
    last = samples % batch or batch if samples else batch
    found = misfit_of_data(graph, recipe.data)
    found = found or misfit_of_recipe(graph, recipe)
    if found or is_free(graph.input.type.shape):
        return found
    frozen = {node.path for node in graph.nodes if not recipe.factor(node.path)}
    return without_variance(graph, last, frozen)


def misfit_of_recipe(graph: Graph, recipe: Recipe) -> Diagnostic | None:
    """E0413 if the loss weighs other classes than there are, or samples are to be changed that cannot be.

    What is wrong with the layers that it names is said by :func:`cnndsl.analysis.scopes.misfit_of_scopes`.
    """
    scopes = misfit_of_scopes(graph, recipe)
    if scopes is not None:
        return scopes
    found = _misfit_of_loss(graph, recipe) or _misfit_of_augment(graph, recipe) or _misfit_of_normalize(graph, recipe)
    return found and Diagnostic(training.DATA_MISFIT, found[0], help=(found[1],))


def _misfit_of_loss(graph: Graph, recipe: Recipe) -> tuple[str, str] | None:
    weights, output = getattr(recipe.loss, "weight", ()), graph.output.type.shape
    if not weights or is_free(output) or len(weights) == output[0]:
        return None
    message = f"the loss weighs {len(weights)} classes, and the network tells {output[0]} apart"
    return message, "give a weight for each class"


def _misfit_of_augment(graph: Graph, recipe: Recipe) -> tuple[str, str] | None:
    if recipe.augment.is_none:
        return None
    if len(graph.input.type.shape) != 3:
        message = f"`augment` changes pictures, and the network takes {format_shape(graph.input.type.shape)}"
        return message, "remove it, or train a network that takes CxHxW"
    if len(graph.output.type.shape) > 1 and recipe.augment.moves:
        message = f"`augment {recipe.augment.moves[0]}` moves pixels, and the network tells a class for each of them"
        return message, "change only colours"
    return None


def _misfit_of_normalize(graph: Graph, recipe: Recipe) -> tuple[str, str] | None:
    given, normalize = graph.input.type, recipe.normalize
    if isinstance(normalize, Usual):
        return None
    if given.dtype == "token":
        return f"`normalize {normalize.name}` is for numbers, and the network takes tokens", "remove it"
    if isinstance(normalize, Given) and not {len(normalize.mean), len(normalize.std)} <= {1, given.shape[0]}:
        counts = f"{len(normalize.mean)} means and {len(normalize.std)} deviations"
        return f"`normalize` gives {counts}, and the input has {given.shape[0]} channels", "give one for each channel"
    return None


def misfit_of_data(graph: Graph, data: Dataset) -> Diagnostic | None:
    """E0413 with both shapes if the network takes other samples, or tells other classes apart."""
    return next(_misfits(graph, data), None)


def misfit_of_classes(graph: Graph, data: Dataset, classes: int, places: Shape = ()) -> Diagnostic | None:
    """E0413 if a data set, whose files have so many classes, has more or fewer than the network and its heads tell apart.

    ``places`` are the sizes of its maps of classes, if it has a class for each pixel.
    """
    return next(_misfits_of_classes(graph, data, classes, places), None)


def _misfits(graph: Graph, data: Dataset) -> Iterator[Diagnostic]:
    given = graph.input.type
    if given.dtype != data.contents and data.shape:
        yield _misfit(data, data.classes, f"the network takes {given.dtype}s", f"`{data.name}` fits {data.inputs}")
    if not is_free(given.shape) and not data.fits(given.shape):
        help_ = (_input(given.shape, data), f"`{data.name}` fits {data.inputs}")
        yield _misfit(data, data.classes, f"the network takes {format_shape(given.shape)}", *help_)
    if data.classes:
        yield from _misfits_of_classes(graph, data, data.classes)


def _misfits_of_classes(graph: Graph, data: Dataset, classes: int, places: Shape = ()) -> Iterator[Diagnostic]:
    output, wanted = graph.output.type.shape, (classes, *places)
    if not is_free(output) and output != wanted:
        fact = f"the network's output is {format_shape(output)}"
        yield _misfit(data, classes, fact, _ending(graph, classes), place=_maker(graph, graph.output))
    for head in graph.heads:
        shape = head.value.type.shape
        if not is_free(shape) and shape != wanted:
            help_ = f"end the head in `flatten | dense {classes}`"
            place = _maker(graph, head.value)
            yield _misfit(data, classes, f"a head gives {format_shape(shape)}", help_, place=place)


def without_variance(graph: Graph, batch: int, frozen: Collection[str] = ()) -> Diagnostic | None:
    """E0413 if a batch to train on leaves a batch normalisation one number per channel, which has no variance.

    Those with ``frozen`` paths need none.
    """
    for node in (each for each in graph.nodes if each.path not in frozen):
        if isinstance(node.operator, BatchNorm) and batch * element_count(node.input.type.shape[1:]) == 1:
            return Diagnostic(
                training.DATA_MISFIT,
                f"a batch of one sample gives `{node.operator.name}` one number per channel, which has no variance",
                Label(node.span, "gets one number per channel"),
                help=("choose a batch size that leaves no single sample at the end of the data",),
            )
    return None


def _misfit(data: Dataset, classes: int, fact: str, *help: str, place: Label | None = None) -> Diagnostic:
    shape = f"{format_shape(data.shape)} " if data.shape else ""
    held = f"{shape}{data.samples} of {classes} classes" if classes else f"{shape}{data.samples}"
    message = f"data set `{data.name}` holds {held}, but {fact}"
    return Diagnostic(training.DATA_MISFIT, message, place, help=help)


def _maker(graph: Graph, value: Value) -> Label | None:
    makers = [node.span for node in graph.nodes if value in node.outputs]
    return Label(makers[0], f"gives {format_shape(value.type.shape)}") if makers else None


def _input(shape: Shape, data: Dataset) -> str:
    """The input to write: of the network's own size if only its channels are wrong, else that of the samples."""
    channels = data.shape[0] if data.shape else 3
    own = (channels, *shape[1:])
    fitting = own if len(shape) == 3 and data.fits(own) else data.shape or (3, 96, 96)
    return f"write `input {format_shape(fitting)}`"


def _ending(graph: Graph, classes: int) -> str:
    """What to change so that a network ends in one number for each class."""
    output = graph.output.type.shape
    if len(output) == 3 and output[0] == classes:
        return f"add `global_avgpool | flatten`, which makes {classes} numbers of {format_shape(output)}"
    setting = _setting(graph) if len(output) == 1 else ""
    if setting:
        return f"set `{setting}={classes}`"
    return f"add `flatten | dense {classes}`" if len(output) > 1 else f"end it in `dense {classes}`"


def _setting(graph: Graph) -> str:
    """The parameter of the network that its last layer takes its outputs from; empty if there is none."""
    last = next((node for node in reversed(graph.nodes) if node.parameters), None)
    span = last.attribute_spans.get("out_features") if last is not None else None
    return span.text if span is not None and span.text in graph.settings else ""
