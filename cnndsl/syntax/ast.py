"""The syntax tree: frozen nodes, each with the span of its text. Nothing here knows what a layer is."""

from __future__ import annotations

from ..record import Record, field
from ..source import Span

__all__ = [
    "Argument",
    "Binary",
    "Body",
    "Boolean",
    "Call",
    "Case",
    "Comprehension",
    "Conditional",
    "Contract",
    "Definition",
    "Error",
    "Expect",
    "Expression",
    "File",
    "For",
    "Function",
    "Hole",
    "If",
    "Index",
    "Keyed",
    "Label",
    "Let",
    "List",
    "Match",
    "Name",
    "Negative",
    "Number",
    "Parameter",
    "Pattern",
    "Repeat",
    "Residual",
    "Setting",
    "Shortcut",
    "Size",
    "Slice",
    "Statement",
    "String",
    "Syntax",
    "Train",
    "Tuple",
    "Unary",
    "Use",
    "Variable",
]


class Syntax(Record):
    """Base of all nodes. The span does not take part in equality: two texts that differ in blanks have equal trees."""

    span: Span = field(compare=False)


class Name(Syntax):
    """A name where it is written."""

    text: str


class Error(Syntax):
    """What could not be read, so that everything around it still can be; the mistake has been reported.

    ``names`` are those that it would have defined.
    """

    names: tuple[str, ...] = ()


# Expressions


class Number(Syntax):
    """A whole or broken number, suffix applied."""

    value: int | float


class Size(Syntax):
    """Extents with ``x`` between them; None stands for ``?``."""

    extents: tuple[int | None, ...]


class String(Syntax):
    """Quoted text, quotes taken off."""

    value: str


class Boolean(Syntax):
    """``true`` or ``false``."""

    value: bool


class Variable(Syntax):
    """A name that stands for something else, or for itself."""

    name: str


class Negative(Syntax):
    """A negative number among arguments."""

    operand: Number


class Tuple(Syntax):
    """``(a, b)``."""

    items: tuple[Expression, ...]


class Keyed(Syntax):
    """``(top=1, bottom=2)``."""

    items: tuple[Setting, ...]


class List(Syntax):
    """``[a, b]``."""

    items: tuple[Expression, ...]


class Pattern(Syntax):
    """What a ``let`` or ``for`` binds: one name, or several that take a tuple apart."""

    names: tuple[Name, ...]
    is_tuple: bool


class Comprehension(Syntax):
    """``[item for pattern in items]``."""

    item: Expression
    pattern: Pattern
    items: Expression


class Function(Syntax):
    """``max(a, b)``."""

    name: Name
    arguments: tuple[Expression, ...]


class Index(Syntax):
    """``xs[i]``."""

    name: Name
    index: Expression


class Slice(Syntax):
    """``xs[i:j]``; either bound may be missing."""

    name: Name
    start: Expression | None
    stop: Expression | None


class Unary(Syntax):
    """``-a`` or ``not a``."""

    operator: str
    operand: Expression


class Binary(Syntax):
    """``a + b``, ``a < b``, ``a and b``."""

    operator: str
    left: Expression
    right: Expression


class Conditional(Syntax):
    """``a if condition else b``."""

    value: Expression
    condition: Expression
    otherwise: Expression


class Setting(Syntax):
    """``name=value`` after ``with`` and in a keyed tuple."""

    name: Name
    value: Expression


class Case(Syntax):
    """One line of a match."""

    key: Expression
    value: Expression


class Match(Syntax):
    """``match subject { key: value ... }``."""

    subject: Expression
    cases: tuple[Case, ...]


Expression = (
    Number
    | Size
    | String
    | Boolean
    | Variable
    | Negative
    | Tuple
    | Keyed
    | List
    | Comprehension
    | Function
    | Index
    | Slice
    | Unary
    | Binary
    | Conditional
    | Error
)


# Statements


class Argument(Syntax):
    """A value given to a call, by place or by name."""

    name: Name | None
    value: Expression


class Hole(Syntax):
    """``{i + 1}`` in a quoted label; ``value`` is None if nothing stands in it."""

    value: Expression | None


class Label(Syntax):
    """The name before a colon: its ``text`` as it is written, and the parts of that between which holes stand."""

    text: str
    parts: tuple[str | Hole, ...]


class Contract(Syntax):
    """``-> 6x28x28``; the span is that of the shape."""

    shape: Expression


class Body(Syntax):
    """Statements in braces, in order."""

    statements: tuple[Statement, ...]


class Call(Syntax):
    """A word with arguments, and a body where it takes one."""

    word: Name
    arguments: tuple[Argument, ...]
    body: Body | None


class Shortcut(Syntax):
    """What follows ``shortcut``: words, or a body with its condition."""

    words: tuple[Name, ...]
    when: Name | None
    body: Body | None


class Residual(Syntax):
    """``residual { } shortcut ...``."""

    same: Name | None
    body: Body
    shortcut: Shortcut | None


class Repeat(Syntax):
    """``repeat count as name { }``."""

    count: Expression
    index: Name | None
    body: Body


class For(Syntax):
    """``for pattern in items as name { }``."""

    pattern: Pattern
    items: Expression
    index: Name | None
    body: Body


class If(Syntax):
    """``if condition { } else { }``; ``else if`` nests."""

    condition: Expression
    body: Body
    otherwise: Body | If | None


class Let(Syntax):
    """``let pattern = value``."""

    pattern: Pattern
    value: Expression | Match


class Expect(Syntax):
    """``expect params = 61_706 with depth=18``."""

    quantity: Name
    comparison: str
    value: Expression
    settings: tuple[Setting, ...]


Action = Call | Residual | Repeat | For | If | Let | Expect | Error


class Statement(Syntax):
    """One action with the labels before it and the contract after it."""

    labels: tuple[Label, ...]
    action: Action
    contract: Contract | None


# Files


class Parameter(Syntax):
    """A parameter of a network or block, with its default."""

    name: Name
    default: Expression | None


class Definition(Syntax):
    """``network Name(parameters) { }`` or ``block name(parameters) { }``."""

    keyword: str
    name: Name
    parameters: tuple[Parameter, ...]
    body: Body
    doc: str


class Train(Syntax):
    """``train { }`` or ``train Name { }``."""

    name: Name | None
    body: Body


class Use(Syntax):
    """``use names from "file"``."""

    names: tuple[Name, ...]
    origin: String | Name


class File(Syntax):
    """A whole spec."""

    items: tuple[Use | Definition | Train | Error, ...]

    @property
    def networks(self) -> tuple[Definition, ...]:
        return tuple(item for item in self.items if isinstance(item, Definition) and item.keyword == "network")

    @property
    def blocks(self) -> tuple[Definition, ...]:
        return tuple(item for item in self.items if isinstance(item, Definition) and item.keyword == "block")

    @property
    def trains(self) -> tuple[Train, ...]:
        return tuple(item for item in self.items if isinstance(item, Train))
