"""Mistakes that people made, read from ``held_out``: each set a text of changes to specs, in the form that the sets say."""

from __future__ import annotations

from pathlib import Path

from cases import SPECS, Case

HELD_OUT = Path(__file__).resolve().parent / "held_out"
SETS = {path.stem: path for path in sorted(HELD_OUT.glob("*.txt"))}


def cases(name: str) -> list[Case]:
    """The mistakes of a set.

    Raises:
        ValueError: If one of them does not say which text it changes.
    """
    chunks = "".join(line for line in SETS[name].read_text().splitlines(True) if not line.startswith("%")).split("\n\n")
    return [_case(chunk.strip("\n").split("\n")) for chunk in chunks if chunk.strip()]


def _case(lines: list[str]) -> Case:
    head, *rest = lines
    base, _, said = head.partition(": ")
    spec = next(path for path in (SPECS / f"{base}.cnn", HELD_OUT / "bases" / f"{base}.cnn") if path.is_file())
    meant = spec.read_text()
    right, wrong = (_marked(rest, mark) for mark in "-+")
    if meant.count(right) != 1:
        raise ValueError(f"{meant.count(right)} places of {base} are {right!r}")
    place = meant.index(right)
    text = meant[:place] + wrong + meant[place + len(right) :]
    first = meant.count("\n", 0, place) + 1
    offsets = [int(word) for line in rest if line.startswith("at ") for word in line.split()[1:]]
    if not offsets:
        offsets = [_first_difference(right, wrong)]
    return Case(base, spec.name, text, meant, tuple(first + offset for offset in offsets), tuple(said.split(", ")))


def _marked(lines: list[str], mark: str) -> str:
    return "\n".join(line[2:] for line in lines if line.startswith(mark))


def _first_difference(right: str, wrong: str) -> int:
    same = next((place for place, (one, other) in enumerate(zip(right, wrong, strict=False)) if one != other), 0)
    return right.count("\n", 0, same)
