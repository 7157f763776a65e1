"""Which rows of the tables a name stands for, and a call in our words by all rows that fit it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from ..attributes import Declared
from ..ops import OPERATORS
from .calls import Call
from .layers import CAFFE, DARKNET, KERAS, NO_EXACT_FORM, TORCH, TORCH_FUNCTIONS, TORCH_METHODS
from .names import ATTRIBUTES, LEFT_OUT, NEAR_ATTRIBUTES, fold, layer_named
from .records import Argument, Parameter, Row, Written, row
from .rules import RULES

__all__ = ["call_in_our_words", "every_row", "own_row", "rows_of"]

Table = tuple[str, Mapping[str, str]]

_TORCH: Table = ("PyTorch", TORCH)
_FUNCTIONS: Table = ("PyTorch", TORCH_FUNCTIONS)
_METHODS: Table = ("PyTorch", {**TORCH_FUNCTIONS, **TORCH_METHODS})
_KERAS: Table = ("Keras", KERAS)
_CAFFE: Table = ("Caffe", CAFFE)
_DARKNET: Table = ("Darknet", DARKNET)

_PACKAGES: dict[str, tuple[Table, ...]] = {
    **dict.fromkeys(("nn", "torch.nn"), (_TORCH,)),
    **dict.fromkeys(("F", "functional", "nn.functional", "torch.nn.functional", "torch"), (_FUNCTIONS,)),
    **dict.fromkeys(("keras", "layers", "keras.layers", "tf.keras.layers", "tensorflow.keras.layers"), (_KERAS,)),
    "method": (_METHODS,),
    "L": (_CAFFE, _KERAS),
}


def rows_of(name: str, *, takes_value: bool = False) -> tuple[tuple[Row, ...], str]:
    """The rows that the name of a call in parentheses may mean, and a doubt about them, or none.

    ``takes_value`` if its first argument is the value to work on, as functions have it.
    """
    package, _, last = name.rpartition(".")
    if not package:
        return _rows_of_bare(last, takes_value), ""
    if package.split(".")[0] == "self":
        return (), ""
    tables = _PACKAGES.get(package)
    if tables is None:
        found = _rows((_TORCH, _KERAS, _FUNCTIONS), last)
        return found, f"`{package}` is not known here: the line is what {found[0].tool if found else ''} means by it"
    exact = _rows(tables, last)
    return (exact, "") if exact else (_rows(tables, last, fold), f"`{name}` is written otherwise in {tables[0][0]}")


def _rows_of_bare(name: str, takes_value: bool) -> tuple[Row, ...]:
    """The rows of a name without its package."""
    if name in OPERATORS and not (takes_value and name in TORCH_FUNCTIONS):
        return (own_row(OPERATORS[name]),)
    likely = (_FUNCTIONS,) if takes_value else (_TORCH, _KERAS)
    found = _rows(likely, name) or _rows((_TORCH, _KERAS, _FUNCTIONS, _CAFFE), name)
    word = layer_named(name, OPERATORS)
    return found or _rows((_TORCH, _KERAS), name, fold) or ((own_row(OPERATORS[word]),) if word else ())


def _rows(tables: Sequence[Table], name: str, key: Callable[[str], str] = str) -> tuple[Row, ...]:
    """The rows with a name, or with one that has the same key."""
    found = [(tool, each, text) for tool, rows in tables for each, text in rows.items() if key(each) == key(name)]
    return tuple(row(*item) for item in found)


def every_row() -> Iterator[Row]:
    """The rows of all tools, functions after layers."""
    for tool, rows in (_TORCH, _KERAS, _CAFFE, _DARKNET, _FUNCTIONS):
        yield from (row(tool, name, text) for name, text in rows.items())


def own_row(declared: type[Declared]) -> Row:
    """One of our words as if it were called with parentheses, its attributes by all names that they go by elsewhere."""
    infos = declared.attributes()
    names = {name: [name, *info.aliases] for name, info in infos.items()}
    own = {alias for each in names.values() for alias in each}
    for name, ours in ATTRIBUTES.items():
        meant = next((each for each in ours if each in infos), None)
        if meant is not None and name not in own:
            names[meant].append(name)
    true = Argument("", "true", True)
    return Row(
        "",
        declared.name,
        (declared.name,),
        (
            *(Parameter(tuple(names[each]), each) for each in dict.fromkeys((*declared.positional, *infos))),
            *(Parameter((each,), each, mark="!") for each in NEAR_ATTRIBUTES if each not in own),
            *(Parameter((each,), each, mark="~") for each in LEFT_OUT if each not in _SWITCHES),
            *(Parameter((each,), each, mark="!", default=true) for each in _SWITCHES),
            Parameter(("activation", "act"), "", "activation", Argument("activation", "", None)),
        ),
    )


_SWITCHES = ("track_running_stats", "trainable")


def call_in_our_words(rows: Sequence[Row], arguments: Sequence[Argument]) -> Written:
    """The call by the first row that it fits; in doubt if another one that it fits means something else by it."""
    made = [(each, _written(each, arguments)) for each in rows]
    (row, first), *others = [(each, written) for each, written in made if written.fits] or made
    doubts = []
    for each, other in others:
        if other.line != first.line:
            doubts.append(f"`{row.name}` is `{first.line}` in {row.tool} and `{other.line}` in {each.tool}")
        elif bool(other.doubts) is not bool(first.doubts):
            doubts.append(f"in {each.tool} it is not the same: {', '.join(other.doubts[:1])}")
    return first.doubted(*doubts)


def _written(row: Row, arguments: Sequence[Argument]) -> Written:
    call = Call(row, arguments)
    call.convert(RULES)
    return call.finish().doubted(NO_EXACT_FORM.get((row.tool, row.name), ""))
