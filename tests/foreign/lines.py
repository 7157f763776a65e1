"""Lines of other tools in a network of ours: what they are put into, and what that computes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from cnndsl.api import check_source
from cnndsl.backends import find_backend
from cnndsl.backends.base import Array, Network
from cnndsl.diagnostics import Edit
from cnndsl.diagnostics.fixing import apply_edits
from cnndsl.explain.foreign.python import PythonReader
from cnndsl.ops import format_shape
from cnndsl.source import Source, Span

Shape = tuple[int, ...]


class Pasted(NamedTuple):
    """A statement in our words: the edits that put it there, whether these mean the same, and what does not."""

    edits: tuple[Edit, ...]
    certain: bool
    reasons: tuple[str, ...]
    notes: tuple[str, ...]


def read(reader: PythonReader, span: Span) -> Pasted | None:
    """The statement at a place; None if Python makes no layer there."""
    made = reader.translate(span)
    if made is None:
        return None
    written, whole = made
    edits = (Edit(whole, written.line),) if written.whole and written.line else ()
    return Pasted(edits, bool(edits) and not written.doubts, written.doubts, written.notes)


def pasted(line: str, *before: str) -> tuple[Pasted | None, str]:
    """A statement that Python can read as the last one of a network, and the text after its edits."""
    begin = "".join(f"{each}\n    " for each in ("network Pasted {", "input 3x64x64", *before))
    source = Source("pasted.cnn", f"{begin}{line}\n}}\n")
    made = read(PythonReader(source), Span(source, len(begin), len(begin) + len(line)))
    edits = made.edits if made is not None else ()
    return made, apply_edits(source.text, edits)[len(begin) : -len("\n}\n")]


def compiled(line: str, shape: Shape, token: bool = False) -> Network:
    """A network of one line, in double precision."""
    kind = " of=token" if token else ""
    checked = check_source(
        Source("line.cnn", f"network Line {{\n    input {format_shape(shape)}{kind}\n    {line}\n}}\n")
    )
    return find_backend("numpy").compile(checked.require_graph(), dtype="float64")


def load(network: Network, arrays: Iterable[Array]) -> None:
    """Give a network its parameters and buffers in the order in which its layers have them."""
    state, given = network.state(), list(arrays)
    assert [array.shape for array in state.values()] == [array.shape for array in given]
    network.load_state(dict(zip(state, given, strict=True)))
