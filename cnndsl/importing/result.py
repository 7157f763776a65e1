"""The way from a file with a model to a spec that checks, and to what could not be taken of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ..api.checking import Checked, check_source
from ..diagnostics import Diagnostic
from ..diagnostics.kinds import importing as kinds
from ..formatting import format_source
from ..record import Record
from ..source import Source
from ..syntax.tables import KEYWORDS
from .darknet import is_darknet, read_darknet
from .python import InputShape, read_python
from .regions import has_parameters, scoped
from .shapes import Shapes
from .trace import Step, Trace
from .writer import write_body

__all__ = ["Imported", "import_source"]

_USUAL = (28, 32, 224, 64, 128, 256, 227, 299, 96, 48, 416, 512, 8, 572)
_MOST_SHOWN = 3
_MOST_LINES = 10
_TEXTUAL = re.compile(r"[^0-9A-Za-z_]")


class Imported(Record):
    """A spec made of a model, and what there is to say of positions in the file that it was made of.

    ``text`` is empty if nothing could be made; ``checked`` is what the checker knows of it.
    """

    text: str
    diagnostics: tuple[Diagnostic, ...]
    checked: Checked | None

    @property
    def has_errors(self) -> bool:
        """Whether the spec is not the whole model, or does not check."""
        return any(item.is_error for item in self.diagnostics)


def import_source(
    source: Source,
    input_shape: InputShape | None = None,
    network: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> Imported:
    """Make a spec of a model.

    The text is a program with a ``class Net(nn.Module)``, an ``nn.Sequential`` or a model of Keras, or a Darknet ``.cfg``;
    ``network`` names one of several models, ``settings`` are arguments of its ``__init__``. ``input_shape`` is CxHxW, for a
    text that does not say it; None in it leaves a size free.
    """
    if source.name.endswith(".cnn"):
        return Imported("", (_spec_already(source),), None)
    trace, shapes, said = _read(source, input_shape, network, settings or {})
    shape = input_shape or said
    steps = list(trace.in_order())
    inputs = [step for step in steps if not step.inputs]
    if not inputs or len(steps) < 2:
        return Imported("", _sorted(trace) or (_empty(source),), None)
    steps = [inputs[0], *(step for step in steps if step.inputs)]
    _judge(trace, steps, shapes)
    if shape is None:
        shape = _free(steps)
    _name_scopes(trace, steps)
    text = _spec(trace, steps, shape, shapes) if shape is not None else ""
    if not text:
        return _without_size(source, trace, network, settings)
    checked = _checked(source, text)
    if checked.graph is None or checked.has_errors:
        if input_shape is None and said is None:
            return _without_size(source, trace, network, settings)
        if not any(item.is_error for item in trace.diagnostics):
            _blame(trace, checked)
        return Imported(_formatted(text), _sorted(trace), checked)
    if not any(item.is_error for item in trace.diagnostics):
        text = text.removesuffix("}\n") + f"\n    expect params = {checked.graph.parameter_count:_}\n}}\n"
        checked = _checked(source, text)
    return Imported(_formatted(text), _sorted(trace), checked)


def _spec_already(source: Source) -> Diagnostic:
    help_ = f"`cnndsl check {source.name}` checks it"
    return Diagnostic(kinds.NO_MODEL, f"`{source.name}` is a spec, and needs no import", help=(help_,))


def _without_size(source: Source, trace: Trace, network: str | None, settings: Mapping[str, Any] | None) -> Imported:
    """Ask for the size of the input; with one that fits, nothing else may be wrong."""
    help_ = _sizes_that_fit(source, network, settings)
    message = f"`{source.name}` does not say how large the input is"
    found = () if help_ else _sorted(trace)
    item = Diagnostic(kinds.UNKNOWN_INPUT, message, help=help_ or ("add `--input 3x224x224`",))
    return Imported("", (item, *found), None)


def _read(
    source: Source, asked: InputShape | None, network: str | None, settings: Mapping[str, Any]
) -> tuple[Trace, Shapes, InputShape | None]:
    if is_darknet(source):
        trace, shape = read_darknet(source)
        return trace, Shapes(asked or shape), shape
    trace, program = read_python(source, asked, network, settings)
    return trace, program.shapes, program.said


def _empty(source: Source) -> Diagnostic:
    return Diagnostic(kinds.NO_MODEL, f"`{source.name}` has no model with layers")


def _sorted(trace: Trace) -> tuple[Diagnostic, ...]:
    """What there is to say, by place; what is said of several positions is said at the first one."""
    found: dict[tuple[str, str], list[Diagnostic]] = {}
    for item in sorted(trace.diagnostics, key=_start):
        found.setdefault((item.kind.code, item.message), []).append(item)
    return tuple(_merged(items) for items in found.values())


def _start(item: Diagnostic) -> int:
    return item.primary.span.start if item.primary is not None else -1


def _merged(items: list[Diagnostic]) -> Diagnostic:
    first, *others = items
    lines = [str(each.primary.span.position[0]) for each in others if each.primary is not None]
    if not lines:
        return first
    more = f" and {len(lines) - _MOST_LINES} more" if len(lines) > _MOST_LINES else ""
    listed = ", ".join(lines[:_MOST_LINES])
    return first.replace(notes=(*first.notes, f"the same in line{'s' * (len(lines) > 1)} {listed}{more}"))


def _checked(source: Source, text: str) -> Checked:
    return check_source(Source(f"{source.name}.cnn", text))


def _formatted(text: str) -> str:
    return format_source(Source("imported", text))


# What the file says of sizes


def _judge(trace: Trace, steps: list[Step], shapes: Shapes) -> None:
    """Report weights that are shared, values that are left out, and layers that take another size than comes."""
    for step in steps:
        if step.shared and has_parameters(step):
            message = "this layer runs twice with the same weights, and each layer of a spec has its own"
            trace.report(kinds.NOT_IMPORTED, step.span, message)
    _mark_sides(trace)
    for step in steps[1:]:
        given = shapes.of(step.inputs[0], trace)
        if given is not None and step.takes is not None and given[0] != step.takes.count:
            message = f"this `{step.takes.layer}` takes {step.takes.count:,}, and is given {given[0]:,}"
            trace.report(kinds.OTHER_SIZE, step.span, message, f"the value before it is {'x'.join(map(str, given))}")
            return
        if step in shapes.failures:
            failure = shapes.failures[step]
            trace.report(kinds.OTHER_SIZE, step.span, failure.message, *failure.help[:1])
            return


def _mark_sides(trace: Trace) -> None:
    """Say which steps are for side outputs alone; a value on the way to another output cannot be one."""
    seen = trace.before(trace.outputs[0])
    for number, output in enumerate(trace.outputs[1:], 1):
        own = trace.before(output) - seen
        if output not in own:
            trace.report(kinds.NOT_IMPORTED, output.span, "a network gives one value: this one is left out")
        for step in own:
            step.side, step.path = number, ()
        seen |= own


def _blame(trace: Trace, checked: Checked) -> None:
    """Say what is wrong with the spec where nothing in the file was found to be."""
    errors = [item for item in checked.diagnostics if item.is_error]
    for item in errors[:1]:
        trace.report(kinds.NOT_IMPORTED, None, f"the spec that comes of it is wrong: {item.message}")


def _free(steps: list[Step]) -> InputShape | None:
    """An input of free size with the channels that the first layer takes."""
    first = next((step for step in steps if step.takes is not None), None)
    if first is None or first.takes is None:
        return None
    return (first.takes.count, None, None) if first.word.startswith("conv") else (first.takes.count,)


def _sizes_that_fit(source: Source, network: str | None, settings: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Usual inputs with which all layers fit."""
    trace, _, _ = _read(source, None, network, settings or {})
    first = next((step for step in trace.in_order() if step.takes is not None), None)
    channels = (first.takes.count,) if first is not None and first.takes and first.word.startswith("conv") else (1, 3)
    fitting = []
    for side in _USUAL:
        for count in channels:
            shape = (count, side, side)
            found = import_source(source, shape, network, settings)
            if found.text and not found.has_errors:
                fitting.append("x".join(map(str, shape)))
        if len(fitting) >= _MOST_SHOWN:
            break
    if not fitting:
        return ()
    return (
        f"add `--input {fitting[0]}`",
        f"with {' or '.join(fitting[:_MOST_SHOWN])} all layers fit",
    )


# The spec


def _name_scopes(trace: Trace, steps: list[Step]) -> None:
    """Give the steps the scopes that they can have, and say whose parameters are called otherwise."""
    for scope in scoped(steps):
        name = ".".join(scope)
        span = next((step.span for step in steps if step.span is not None and "_".join(scope) in step.label), None)
        message = f"`{name}` does not run in one piece: its parameters are called `{'_'.join(scope)}_...` here"
        trace.report(kinds.IMPORTED_NEARLY, span, message)


def _spec(trace: Trace, steps: list[Step], shape: InputShape, shapes: Shapes) -> str:
    def shape_of(step: Step) -> tuple[int, ...] | None:
        return shapes.of(step, trace)

    body = write_body(steps, shape_of)
    written = "x".join("?" if extent is None else str(extent) for extent in shape)
    of = " of=token" if any(step.word == "embedding" and step.inputs[0] is steps[0] for step in steps) else ""
    lines = [f"    input {written}{of}", "", *(f"    {line}" for line in body)]
    return f"network {_network_name(trace.name)} {{\n" + "\n".join(lines) + "\n}\n"


def _network_name(name: str) -> str:
    name = _TEXTUAL.sub("_", name).lstrip("0123456789_")
    name = name[:1].upper() + name[1:]
    return name if name and name not in KEYWORDS else "Net"
