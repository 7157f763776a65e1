"""How problems of shapes are told: what each value is and where it came from, without what a search finds (:mod:`.offers`)."""

from __future__ import annotations

from collections import Counter

from ...diagnostics import Diagnostic, Edit, Fix, Label
from ...diagnostics.kinds import shapes
from ...elaborate.state import State
from ...ir import Value
from ...ops import element_count, format_shape
from ...ops.free_size import is_free
from ...problems import ContractBroken, NoStride, OfResidual, PadTakesAway, Refused, ResidualMismatch, plain
from ..context import Context
from ..table import explains
from .trail import Trail, origin

__all__: list[str] = []


@explains(ContractBroken)
def _contract(problem: ContractBroken, context: Context) -> Diagnostic:
    assert context.state is not None
    shape = format_shape(problem.value.type.shape)
    maker = origin(context.state, problem.value)
    return plain(problem).replace(
        secondary=(Label(maker, f"gives {shape}"),) if maker else (),
        notes=Trail(context, problem.value).notes(),
        help=(*_meaning(problem), f"assert `-> {shape}`"),
        fixes=(Fix(f"assert `{shape}`", (Edit(problem.span, shape),)),),
    )


def _meaning(problem: ContractBroken) -> tuple[str, ...]:
    """What the shape that is asserted has to do with the one that is there."""
    written, shape = problem.written, problem.value.type.shape
    if written[1:] == shape:
        return ("the shape is that of one sample, without the batch",)
    if len(shape) > 1 and written == (*shape[1:], shape[0]):
        return ("channels come first",)
    if len(written) == 1 < len(shape) and not is_free(shape):
        return (f"`flatten` makes {element_count(shape)} of it, a vector",)
    return ()


@explains(Refused)
def _refused(problem: Refused, context: Context) -> Diagnostic:
    state, error = context.state, problem.error
    assert state is not None
    if error.input is None:
        found = plain(problem).replace(secondary=_values(state, problem.inputs))
        return _after_flatten(problem, found, Trail(context, problem.inputs[0]))
    odd, model = _odd_and_model(problem)
    parting = (*Trail(context, odd).parting(model.type.shape[1:]), *Trail(context, model).parting(odd.type.shape[1:]))
    return plain(problem).replace(secondary=(*_values(state, (model, odd)), *parting[:1]))


def _values(state: State, values: tuple[Value, ...]) -> tuple[Label, ...]:
    places = [(origin(state, value), value) for value in dict.fromkeys(values)]
    return tuple(Label(span, f"this value is {value.type}") for span, value in places if span is not None)


def _odd_and_model(problem: Refused) -> tuple[Value, Value]:
    """The first value that does not go with most of the others, and one of these."""
    skipped = 1 if problem.kind is shapes.CONCAT_MISMATCH else 0
    compared = [value.type.shape[skipped:] for value in problem.inputs]
    common = Counter(compared).most_common(1)[0][0]
    odd = (place for place, shape in enumerate(compared) if shape != common)
    return problem.inputs[next(odd, problem.error.input or 0)], problem.inputs[compared.index(common)]


def _after_flatten(problem: Refused, found: Diagnostic, trail: Trail) -> Diagnostic:
    """A layer that looks at an image after a `flatten`, which came too early."""
    flatten = next((node for node in trail.nodes if node.operator.name == "flatten"), None)
    if problem.kind is not shapes.WRONG_RANK or flatten is None or len(problem.inputs[0].type.shape) > 1:
        return found
    label = Label(flatten.span, f"here {flatten.input.type} becomes {flatten.output.type}")
    help_ = "layers that need an image come before `flatten`: move `flatten` after this one"
    return found.replace(secondary=(*found.secondary, label), help=(*found.help, help_))


@explains(ResidualMismatch)
def _residual(problem: ResidualMismatch, context: Context) -> Diagnostic:
    assert context.state is not None
    values = (("the shortcut", problem.passed), ("the body's result", problem.result))
    places = [(origin(context.state, value), f"{what} is {value.type}") for what, value in values]
    labels = tuple(Label(span, text) for span, text in places if span is not None)
    parting = Trail(context, problem.result).parting(problem.passed.type.shape[1:])
    return plain(problem).replace(secondary=(*labels, *parting), help=_both_alike(problem))


@explains(NoStride, PadTakesAway)
def _shortcut(problem: NoStride | PadTakesAway, context: Context) -> Diagnostic:
    return plain(problem).replace(help=_both_alike(problem))


def _both_alike(problem: OfResidual) -> tuple[str, ...]:
    """What always makes the two of a residual agree."""
    if problem.action.shortcut and problem.action.shortcut.body:
        return (
            f"the layers of the shortcut have to give {problem.result.type}, or those of the body {problem.passed.type}",
        )
    if problem.passed.type.shape[1:] != problem.result.type.shape[1:]:
        return ("pad the layers of the body so that it keeps its size, or write a `shortcut { ... }` of its own",)
    return ("`shortcut projection` is a 1x1 convolution, and `shortcut pad` adds channels of zeros",)
