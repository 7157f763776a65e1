"""Random slips of shape and argument in the specs that ship: what reads well and does not fit."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import NamedTuple

from cases import SPECS, Case

_LAYER = re.compile(
    r"\b(?:conv|conv_transpose|depthwise|maxpool|avgpool|adaptive_avgpool|dense|conv_bn|input|pad|upsample|embedding)\b"
    r"(?! *[=:])[^|{}#\n]*?(?=\s*(?:\||->|\}|\{|#|\n))"
)
_NUMBER = re.compile(r"(?<![\w.?])(?:\d+(?:x\d+)+|\d[\d_]*)(?![\w.])")
_WINDOW = re.compile(r"(?<![\w.?])(?:\d+x\d+|(?<=conv )\d+|(?<=size=)\d+)(?![\w.])")
_PAD, _STRIDE = re.compile(r" pad=\d+(?![\w.])"), re.compile(r" stride=\d+(?![\w.])")


class _Change(NamedTuple):
    start: int
    end: int
    text: str


class _Spec:
    """A spec and where its layers, numbers and statements stand."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text
        self.code = re.sub(r'#[^\n]*|"[^"\n]*"', lambda found: "~" * len(found[0]), text)
        train = re.search(r"^train", self.code, re.MULTILINE)
        self.body_end = train.start() if train else len(text)
        self.layers = list(_LAYER.finditer(self.code, 0, self.body_end))

    def numbers(self, pattern: re.Pattern[str] = _NUMBER) -> list[re.Match[str]]:
        """The numbers and sizes of all layers."""
        return [found for layer in self.layers for found in pattern.finditer(self.code, *layer.span())]

    def lines(self) -> Iterator[tuple[int, int]]:
        """The lines that are statements of layers, each with its end."""
        for found in re.finditer(
            r"^ +(?!input|expect|let|\||\}|~)\S[^\n]*[^{\s]\n", self.code[: self.body_end], re.MULTILINE
        ):
            if found[0].count("{") == found[0].count("}"):
                yield found.span()


def slip(random: Random, path: Path | None = None) -> Case | None:
    """A random slip in this spec or a random one; none if the kind that was drawn cannot be made there."""
    path = path or random.choice(sorted(SPECS.glob("*.cnn")))
    spec = _Spec(path.name, path.read_text())
    kind = random.choice(list(_KINDS))
    change = _KINDS[kind](random, spec)
    if change is None:
        return None
    text = spec.text[: change.start] + change.text + spec.text[change.end :]
    return Case(kind, path.name, text, spec.text, (spec.text.count("\n", 0, change.start) + 1,))


def _other(random: Random, written: str) -> str:
    """A number or size as a hand or a memory gets it wrong."""
    if "x" in written:
        parts = written.split("x")
        place = random.randrange(len(parts))
        return random.choice(
            ("x".join([*parts[:place], _other(random, parts[place]), *parts[place + 1 :]]), "x".join(parts[::-1]))
        )
    value = int(written.replace("_", ""))
    choices = [value + 1, max(value - 1, 1), 2 * value, max(value // 2, 1)]
    if value > 9:
        digits = str(value)
        place = random.randrange(len(digits) - 1)
        choices.append(int(digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]))
        choices.append(int(digits[:place] + digits[place + 1 :]))
    return str(random.choice(choices))


def _drawn(random: Random, found: list[re.Match[str]]) -> re.Match[str] | None:
    return random.choice(found) if found else None


def _number(random: Random, spec: _Spec) -> _Change | None:
    found = _drawn(random, spec.numbers())
    return found and _Change(*found.span(), _other(random, found[0]))


def _channels(random: Random, spec: _Spec) -> _Change | None:
    found = _drawn(random, spec.numbers(re.compile(r"(?<=conv |ense )\d[\d_]*(?![\w.])")))
    return found and _Change(*found.span(), _other(random, found[0]))


def _kernel(random: Random, spec: _Spec) -> _Change | None:
    found = _drawn(random, spec.numbers(_WINDOW))
    if not found or "x" not in found[0]:
        return None
    return _Change(*found.span(), random.choice(("1x1", "2x2", "3x3", "5x5", "7x7", "11x11")))


def _attribute(name: str, pattern: re.Pattern[str]) -> Callable[[Random, _Spec], _Change | None]:
    def change(random: Random, spec: _Spec) -> _Change | None:
        windows = [layer for layer in spec.layers if re.match(r"conv|depthwise|maxpool|avgpool", layer[0])]
        layer = _drawn(random, windows)
        if not layer:
            return None
        given = pattern.search(spec.code, *layer.span())
        if not given:
            return _Change(layer.end(), layer.end(), f" {name}={random.choice((1, 2))}")
        value = int(given[0].split("=")[1])
        return _Change(*given.span(), random.choice(("", f" {name}={value + 1}", f" {name}={max(value - 1, 1)}")))

    return change


def _input(random: Random, spec: _Spec) -> _Change | None:
    found = _drawn(random, [layer for layer in spec.layers if re.match(r"input \d+(x\d+)*$", layer[0])])
    if not found:
        return None
    parts = found[0].split()[1].split("x")
    if len(parts) < 3:
        return _Change(found.start(), found.end(), f"input {_other(random, parts[0])}")
    side = random.choice(("28", "32", "64", "96", "224", "227", "299", "256"))
    shape = random.choice(([parts[0], side, side], [*parts[1:], parts[0]], [random.choice("13"), *parts[1:]]))
    return _Change(found.start(), found.end(), "input " + "x".join(shape))


def _exchange(random: Random, spec: _Spec) -> _Change | None:
    layer = _drawn(random, spec.layers)
    found = list(_NUMBER.finditer(spec.code, *layer.span())) if layer else []
    if len(found) < 2:
        return None
    place = random.randrange(len(found) - 1)
    one, other = found[place : place + 2]
    return _Change(one.start(), other.end(), other[0] + spec.text[one.end() : other.start()] + one[0])


def _drop(random: Random, spec: _Spec) -> _Change | None:
    lines = list(spec.lines())
    return _Change(*random.choice(lines), "") if lines else None


def _double(random: Random, spec: _Spec) -> _Change | None:
    lines = list(spec.lines())
    if not lines:
        return None
    start, end = random.choice(lines)
    return _Change(end, end, spec.text[start:end])


_KINDS: dict[str, Callable[[Random, _Spec], _Change | None]] = {
    "number": _number,
    "exchange": _exchange,
    "line dropped": _drop,
    "line doubled": _double,
    "pad": _attribute("pad", _PAD),
    "stride": _attribute("stride", _STRIDE),
    "kernel": _kernel,
    "channels": _channels,
    "input": _input,
}
