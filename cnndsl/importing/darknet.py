"""A Darknet ``.cfg`` as a trace: sections in order, each a layer that reads the one before or those that it numbers."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Mapping
from typing import Any

from ..diagnostics.kinds import importing as kinds
from ..record import Record
from ..source import Source, Span
from ..translation.layers import DARKNET, DARKNET_ACTIVATIONS
from ..translation.lookup import call_in_our_words
from ..translation.records import Argument, Written, row
from .shapes import Shapes
from .trace import Step, TooMuch, Trace, Untaken

__all__ = ["is_darknet", "read_darknet"]

_SECTION = re.compile(r"^\s*\[\s*(\w+)\s*\]\s*(?:[#;].*)?$")
_SETTING = re.compile(r"^\s*(\w+)\s*=\s*(.*?)\s*(?:[#;].*)?$")
_HEADS = frozenset(("yolo", "region", "detection", "cost"))
_ALIASES = {"conv": "convolutional", "conn": "connected", "max": "maxpool", "avg": "avgpool", "network": "net"}
_OF_TRAINING = frozenset(("xnor", "binary", "flipped", "antialiasing", "stopbackward", "learning_rate", "dontload"))


class Section(Record):
    """``[convolutional]`` and its settings."""

    name: str
    settings: Mapping[str, str]
    span: Span

    def number(self, name: str, default: int) -> int:
        """A setting that is a whole number."""
        text = self.settings.get(name, "")
        return int(text) if text.lstrip("-").isdigit() and len(text) < 10 else default

    def numbers(self, name: str) -> list[int]:
        """A setting that is a list of whole numbers."""
        parts = self.settings.get(name, "").split(",")
        return [int(part) for part in parts if part.strip().lstrip("-").isdigit() and len(part) < 10]


def is_darknet(source: Source) -> bool:
    """Whether a text begins as a ``.cfg`` does."""
    lines = (line.strip() for line in source.text[:5000].splitlines())
    first = next((line for line in lines if line and line[0] not in "#;"), "")
    return source.name.endswith(".cfg") or bool(_SECTION.match(first))


def read_darknet(source: Source) -> tuple[Trace, tuple[int, ...] | None]:
    """The trace of a ``.cfg``, and the shape of its input, if it says that."""
    trace = Trace(source.name.rpartition("/")[2].removesuffix(".cfg"))
    sections = _sections(source, trace)
    if not sections or sections[0].name != "net":
        span = sections[0].span if sections else None
        trace.report(kinds.NO_MODEL, span, "a `.cfg` of Darknet begins with `[net]`")
        return trace, None
    first, *layers = sections
    sides = first.number("channels", 3), first.number("height", 0), first.number("width", 0)
    shape = sides if min(sides) > 0 else None
    reader = _Reader(trace, Shapes(shape))
    try:
        for section in layers:
            reader.read(section)
    except TooMuch as error:
        trace.report(kinds.NOT_IMPORTED, None, error.message)
    reader.finish()
    return trace, shape


def _sections(source: Source, trace: Trace) -> list[Section]:
    found: list[Section] = []
    settings: dict[str, str] = {}
    for number in range(1, source.line_count + 1):
        line = source.line(number)
        if not line.strip() or line.strip()[0] in "#;":
            continue
        start = source._line_starts[number - 1]
        span = Span(source, start + len(line) - len(line.lstrip()), start + len(line.rstrip()))
        if section := _SECTION.match(line):
            settings = {}
            found.append(Section(_ALIASES.get(section[1], section[1]), settings, span))
        elif (setting := _SETTING.match(line)) and found:
            settings[setting[1]] = setting[2]
        else:
            trace.report(kinds.NOT_IMPORTED, span, "this is neither `[section]` nor `name=value`")
    return found


class _Reader:
    """Puts sections into the trace."""

    def __init__(self, trace: Trace, shapes: Shapes) -> None:
        self.trace = trace
        self.shapes = shapes
        self.current = trace.add(Step((), (), None))
        self.layers: list[Step] = []
        """The values of the sections, as they are numbered."""
        self.sides: list[Step] = []

    def read(self, section: Section) -> None:
        """Put one section into the trace, or say why it cannot be."""
        before = self.current
        try:
            self.current = self._made(section)
        except Untaken as error:
            self.trace.report(kinds.NOT_IMPORTED, section.span, error.message, *error.help)
            self.current = self.trace.add(Step((), (before,), section.span))
            self.current.remark = f"[{section.name}]"
        self.layers.append(self.current)

    def finish(self) -> None:
        """The last value is the output, those that detections read before it are side outputs."""
        self.trace.outputs = [self.current, *(step for step in self.sides if step is not self.current)]

    def _made(self, section: Section) -> Step:
        name = section.name
        form = getattr(self, f"_{name}", None) if name in _OWN else None
        if form is not None:
            made: Step = form(section)
            return made
        if name in _HEADS:
            self.sides.append(self.current)
            return self.current
        if name not in DARKNET:
            raise Untaken(f"cnndsl has nothing like `[{name}]`")
        return self._add(section, self._written(section))

    def _written(self, section: Section, **more: str) -> Written:
        settings = {**section.settings, **more}
        arguments = [_argument(name, text) for name, text in settings.items() if name not in _OF_TRAINING]
        return call_in_our_words([row("Darknet", section.name, DARKNET[section.name])], arguments)

    def _add(self, section: Section, written: Written) -> Step:
        if not written.whole:
            raise Untaken(f"`[{section.name}]` cannot be written in a spec", *written.doubts)
        for doubt in written.doubts:
            self.trace.report(kinds.IMPORTED_NEARLY, section.span, doubt)
        return self.trace.add(Step(written.layers, (self.current,), section.span))

    def _plain(self, section: Section, *layers: str) -> Step:
        return self.trace.add(Step(layers, (self.current,), section.span))

    # Sections that the tables do not have, or that depend on shapes

    def _route(self, section: Section) -> Step:
        values = [self._numbered(number, section) for number in section.numbers("layers")]
        if not values:
            raise Untaken("`[route]` names no layers")
        groups = section.number("groups", 1)
        if groups > 1:
            raise Untaken(
                f"`[route]` takes one of {groups} parts of the channels", "`split` makes the parts: write it by hand"
            )
        if len(values) == 1:
            return values[0]
        return self.trace.add(Step(("concat",), values, section.span))

    def _shortcut(self, section: Section) -> Step:
        others = [self._numbered(number, section) for number in section.numbers("from")]
        if not others:
            raise Untaken("`[shortcut]` names no layer")
        activation = DARKNET_ACTIVATIONS.get(section.settings.get("activation", "linear"))
        if activation is None:
            raise Untaken(f"no layer is like the activation `{section.settings['activation']}`")
        return self.trace.add(Step(("add", *filter(None, (activation,))), (self.current, *others), section.span))

    def _numbered(self, number: int, section: Section) -> Step:
        index = number if number >= 0 else len(self.layers) + number
        if not 0 <= index < len(self.layers):
            raise Untaken(f"there is no layer {number} before this `[{section.name}]`")
        return self.layers[index]

    def _maxpool(self, section: Section) -> Step:
        """Darknet pads at the end first, by the window less one at both sides together."""
        stride = section.number("stride", 1)
        size = section.number("size", stride)
        total = section.number("padding", size - 1)
        shape = self.shapes.of(self.current, self.trace)
        before, after = total // 2, total - total // 2
        sides = shape[1:] if shape is not None else (0,)
        is_needed = before > 0 or any((side + total - size) // stride != (side - size) // stride for side in sides)
        pad = str(before) if before == after else f"(top={before}, bottom={after}, left={before}, right={after})"
        parts = [
            f"maxpool {size}x{size}",
            f"stride={stride}" if stride != size else "",
            f"pad={pad}" if is_needed else "",
        ]
        return self._plain(section, " ".join(filter(None, parts)))

    def _avgpool(self, section: Section) -> Step:
        return self._plain(section, "global_avgpool")

    def _softmax(self, section: Section) -> Step:
        self._flat(section)
        return self._plain(section, "softmax")

    def _connected(self, section: Section) -> Step:
        self._flat(section)
        written = self._written(section)
        return self._add(
            section, written.replace(doubts=tuple(each for each in written.doubts if "flatten" not in each))
        )

    def _flat(self, section: Section) -> None:
        """A vector of what is an image."""
        shape = self.shapes.of(self.current, self.trace)
        if shape is None or len(shape) > 1:
            self.current = self._plain(section, "flatten")

    def _batchnorm(self, section: Section) -> Step:
        return self._plain(section, "bn momentum=0.01")


_OWN = frozenset(("route", "shortcut", "maxpool", "avgpool", "softmax", "connected", "batchnorm"))


def _argument(name: str, text: str) -> Argument:
    value: Any = text
    if re.fullmatch(r"-?[0-9]{1,9}(\.[0-9]{0,9})?|-?\.[0-9]{1,9}", text):
        value = literal_eval(text.lstrip("0") if text.lstrip("0")[:1].isdigit() else text)
    return Argument(name, text, value)
