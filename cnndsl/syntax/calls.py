"""Statements that are written as calls, as other frameworks and most languages have it: ``conv(64, 3)``, ``nn.ReLU()``,
``self.fc = nn.Linear(400, 10)``, ``nn.Sequential(...)``. They are read from the tokens before anything is parsed, so that
the whole of one is one mistake, and put into our words if that is certain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..diagnostics import Edit
from ..foreign import FLOW, Argument, find_signature, fold, translate
from ..record import Record
from ..source import Source, Span
from .lexer import Token
from .tables import KEYWORDS

__all__ = ["CallReader", "ForeignCall"]

_OPENERS = {"LPAR": "RPAR", "LSQB": "RSQB"}
_CLOSERS = frozenset(_OPENERS.values())
_QUOTED = frozenset(("STRING", "BAD_QUOTED"))
_ENDS = frozenset(("NEWLINE", "PIPE", "RBRACE", "LBRACE", "ARROW", "SLASHES", "SHORTCUT"))
_SAYABLE = frozenset(
    ("NUMBER", "SIZE", "NAME", "LPAR", "RPAR", "PLUS", "MINUS", "NEGATIVE", "STAR", "SLASH", "SLASHES", "PERCENT", "POWER")
)
_WORDS = {"True": "true", "False": "false", "None": ""}
_ASSIGNED = re.compile(r"^[ \t]*(?:self\.)?([A-Za-z_]\w*)[ \t]*[=:](?!=)", re.MULTILINE)


class ForeignCall(Record):
    """A statement that is a call: its first and last token by index, what mends it, and how it reads in our words.

    ``edits`` are empty where nobody can tell what is meant; ``clear`` if they have no other reading.
    """

    first: int
    last: int
    name: str
    word: str
    text: str
    edits: tuple[Edit, ...]
    clear: bool
    notes: tuple[str, ...] = ()


class _Parts(Record):
    """What a call becomes: the edits, the text that they make of it, and whether they have no other reading."""

    word: str
    text: str
    edits: tuple[Edit, ...]
    clear: bool
    notes: tuple[str, ...] = ()


class CallReader:
    """Reads the calls of one text, from the first on: what flows from one to the next is the value named last."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        self.source = source
        self.tokens = tokens
        self.assigned = Counter(_ASSIGNED.findall(source.text))
        self.flowing = ""
        """The name that the statement before gave its value."""

    def read(self, index: int) -> ForeignCall | None:
        """The call whose name is the token at ``index``; None if it is not a whole statement."""
        first = index - 2 if self.tokens[index - 1].type == "EQUAL" else index
        last = self._end(index)
        if last is None:
            return None
        name = self.text(index)
        target = self.text(first) if first < index else ""
        if target and "." not in target and not (find_signature(name) or _is_container(name) or fold(name) == "input"):
            return None  # a setting, or a variable without `let`
        parts = self._parts(index, last, target, first)
        self.flowing = target.rpartition(".")[2]
        last = self._with_separator(last)
        edits = self._whole(first, last, parts.edits)
        return ForeignCall(first, last, name, parts.word, parts.text, edits, parts.clear and bool(edits), parts.notes)

    def text(self, index: int) -> str:
        return self.source.text[self.tokens[index].start : self.tokens[index].end]

    def _span(self, first: int, last: int) -> Span:
        """The stretch from one token through another."""
        return Span(self.source, self.tokens[first].start, self.tokens[last].end)

    # How far a call goes

    def _close(self, index: int) -> int | None:
        """The index of the partner of the bracket at ``index``."""
        depth = 0
        for place in range(index, len(self.tokens)):
            type_ = self.tokens[place].type
            depth += (type_ in _OPENERS) - (type_ in _CLOSERS)
            if not depth:
                return place
            if type_ in ("LBRACE", "RBRACE"):
                return None
        return None

    def _end(self, index: int) -> int | None:
        """The index of the last token of a call and the brackets glued to it, if it is a whole statement."""
        last = self._close(index + 1)
        if last is not None and self._type(last + 1) == "LPAR":
            last = self._close(last + 1)
        if last is None:
            return None
        following = self._type(self._with_separator(last) + 1)
        return last if following in _ENDS or following == "$END" else None

    def _type(self, index: int) -> str:
        return self.tokens[index].type if index < len(self.tokens) else "$END"

    def _with_separator(self, last: int) -> int:
        """The index of a comma or semicolon that ends the line behind a call."""
        more = last + 1
        separates = self._type(more) == "COMMA" or (self._type(more) == "BAD_CHARACTER" and self.text(more) == ";")
        return more if separates and self._type(more + 1) in _ENDS | {"$END"} else last

    def _whole(self, first: int, last: int, edits: tuple[Edit, ...]) -> tuple[Edit, ...]:
        """The edits, of which the only one takes the separator along, and the last one of several."""
        if not edits:
            return ()
        end = self.tokens[last].end
        *others, final = edits
        return (*others, Edit(Span(self.source, final.span.start, end), final.replacement))

    # What a call becomes

    def _parts(self, index: int, last: int, target: str, first: int) -> _Parts:
        name = self.text(index)
        inner = index + 2
        if fold(name) == "sequential":
            return self._sequence(first, index, last, target)
        if name.endswith(".add") and self._type(inner) == "CALLNAME" and self._close(inner + 1) == last - 1:
            parts = self._parts(inner, last - 1, "", inner)  # model.add(Layer(...))
            return parts.replace(edits=tuple(self._widened(parts.edits, first, last)))
        line = self._line(index, target)
        text = line.text
        edits = (Edit(self._span(first, last), text),) if text else ()
        return line.replace(edits=edits)

    def _widened(self, edits: tuple[Edit, ...], first: int, last: int) -> Iterator[Edit]:
        if len(edits) == 1:
            yield edits[0].replace(span=self._span(first, last))

    def _line(self, index: int, target: str) -> _Parts:
        """One call as one line of ours."""
        name = self.text(index)
        close = self._close(index + 1)
        assert close is not None
        items = list(self._items(index + 1, close))
        flows = self._taken(close)
        if fold(name) == "input":
            return self._input(items)
        signature = find_signature(name)
        if signature is None:
            return self._plain(name, items)
        if signature.word in ("concat", "add", "mul"):
            return self._join(signature.word, items, flows, target)
        arguments = [self._argument(item) for item in items]
        taken = flows
        if self._takes_value(signature.parameters, arguments):
            taken = [arguments.pop(0).text]
            signature = signature.replace(parameters=signature.parameters[signature.parameters[:1] == ("input",) :])
        made = translate(signature, tuple(arguments))
        notes = list(made.notes)
        clear = made.clear
        if taken and not (len(taken) == 1 and self._is_flow(taken[0], target)):
            clear = False
            notes.append("a layer works on the value before it; `from NAME` goes on from another one")
        text = self._labelled(made.layers, self._label(target) or made.label)
        return _Parts(signature.word, text, (), clear, tuple(notes))

    @staticmethod
    def _takes_value(parameters: tuple[str, ...], arguments: list[Argument]) -> bool:
        """Whether the first argument is the value to work on, as functions take it."""
        if not arguments or arguments[0].name:
            return False
        return parameters[:1] == ("input",) or (len(arguments) > len(parameters) and arguments[0].text in FLOW)

    def _taken(self, close: int) -> list[str]:
        """The values in the brackets behind a call: ``(x)``, ``([x, skip])``."""
        if self._type(close + 1) != "LPAR":
            return []
        end = self._close(close + 1)
        assert end is not None
        tokens = [token for token in range(close + 2, end) if self.tokens[token].type not in ("NEWLINE", "COMMA")]
        if tokens and self.tokens[tokens[0]].type in _OPENERS:
            tokens = tokens[1:-1]
        return [self.text(token) for token in tokens]

    def _is_flow(self, name: str, target: str) -> bool:
        """Whether a value is surely the one that the statement before made."""
        if self.flowing:
            return name == self.flowing
        return name in FLOW and (not target or target in FLOW or self.assigned[target] == 1)

    def _label(self, target: str) -> str:
        """The label that an assignment gives; none for a name that stands for whatever comes by."""
        name = target.rpartition(".")[2]
        if not name or name in FLOW or self.assigned[name] > 1:
            return ""
        return f'"{name}"' if name in KEYWORDS else name

    def _labelled(self, layers: tuple[str, ...], label: str) -> str:
        """Layers behind each other. A name that is used again is that of the last: its value has passed the activation."""
        if not label:
            return " | ".join(layers)
        used = len(re.findall(rf"(?<![\w.]){re.escape(label)}(?!\w)", self.source.text)) if len(layers) > 1 else 1
        place = len(layers) - 1 if used > 1 else 0
        return " | ".join(f"{label}: {layer}" if index == place else layer for index, layer in enumerate(layers))

    # Containers and joins

    def _sequence(self, first: int, index: int, last: int, target: str) -> _Parts:
        """``nn.Sequential(...)`` and ``keras.Sequential([...])``: braces around the layers, one per line or with ``|``."""
        begin, end = index + 1, self._close(index + 1)
        if end is None or end != last:
            return _Parts("seq", "seq { ... }", (), False)
        if self._type(begin + 1) == "LSQB" and self._close(begin + 1) == self._before(end):
            begin, end = begin + 1, self._before(end)
        label = self._label(target)
        opening = f"{label}: seq {{" if label else "seq {"
        gap = "" if self._type(begin + 1) == "NEWLINE" else " "
        edits = [Edit(self._span(first, begin), opening + gap)]
        clear, notes = True, dict[str, None]()
        for item in self._items(begin, end):
            parts = self._element(item)
            clear &= parts.clear
            notes.update(dict.fromkeys(parts.notes))
            edits += parts.edits
            edits += self._comma(item[-1] + 1, end)
        gap = "" if self._type(end - 1) == "NEWLINE" or end == begin + 1 else " "
        edits.append(Edit(self._span(end, last), f"{gap}}}"))
        return _Parts("seq", "seq { ... }", tuple(edits), clear, tuple(notes))

    def _element(self, item: list[int]) -> _Parts:
        """A layer among those of a sequence."""
        first, last = item[0], item[-1]
        if self._type(first) == "CALLNAME" and self._close(first + 1) == last:
            return self._parts(first, last, "", first)
        return _Parts("", self._span(first, last).text, (), False, ("each layer of a `seq` is a call of its own",))

    def _before(self, index: int) -> int:
        """The index of the token before this one that is no comma and no line end."""
        index -= 1
        while self._type(index) in ("NEWLINE", "COMMA"):
            index -= 1
        return index

    def _comma(self, index: int, end: int) -> list[Edit]:
        """The comma behind a layer becomes nothing at the end of a line, and a ``|`` within it."""
        if self._type(index) != "COMMA" or index >= end:
            return []
        at_end = self._type(index + 1) == "NEWLINE" or index + 1 == end
        return [Edit(self._span(index, index), "" if at_end else " |")]

    def _join(self, word: str, items: list[list[int]], taken: list[str], target: str) -> _Parts:
        """``Concatenate()([x, skip])``, ``torch.cat([x, skip], 1)``: the value that flows is not named."""
        names = taken
        if not taken and items and self._type(items[0][0]) in _OPENERS:
            names = [self.text(token) for token in items[0][1:-1] if self.tokens[token].type != "COMMA"]
        elif not taken and len(items) > 1:
            names = [self.text(item[0]) for item in items if len(item) == 1]
        flows = len(names) > 1 and self._is_flow(names[0], target)
        if flows and all(name.isidentifier() for name in names):
            label = self._label(target)
            return _Parts(word, self._labelled((f"{word} {' '.join(names[1:])}",), label), (), True)
        note = f"`{word} skip` joins the value before it and the one labelled `skip`"
        return _Parts(word, "", (), False, (note,))

    def _input(self, items: list[list[int]]) -> _Parts:
        """``Input(shape=(28, 28, 1))``: Keras has the channels last."""
        argument = self._argument(items[0]) if len(items) == 1 else None
        extents = argument.items if argument else tuple(self.text(item[0]) for item in items if len(item) == 1)
        if len(items) > 1 and len(extents) != len(items) or not all(extent.isdigit() for extent in extents):
            return _Parts("input", "", (), False)
        if argument and not extents and argument.text:
            return _Parts("input", f"input {argument.text}", (), not argument.name)
        if argument and argument.name == "shape" and len(extents) == 3:
            last = f"input {extents[2]}x{extents[0]}x{extents[1]}"
            clear = int(extents[2]) <= 4 < int(extents[0])
            return _Parts("input", last, (), clear, ("channels come first here",))
        return _Parts("input", f"input {'x'.join(extents)}" if extents else "", (), True)

    def _plain(self, name: str, items: list[list[int]]) -> _Parts:
        """A call of what no table knows: a block, a setting, or a slip that is found when names are."""
        texts = [self._plain_argument(item) for item in items]
        clear = "." not in name and None not in texts
        text = " ".join((name, *(text for text in texts if text))) if clear else ""
        note = () if clear else (f"`{name}` is no layer that this language knows: `cnndsl layers` lists them",)
        return _Parts(name, text, (), clear, note)


    def _plain_argument(self, item: list[int]) -> str | None:
        """An argument as it stands behind a layer: in parentheses if it is more than a word."""
        name = ""
        if self._type(item[0]) in ("NAME", *KEYWORDS.values()) and len(item) > 2 and self._type(item[1]) == "EQUAL":
            name, item = f"{self.text(item[0])}=", item[2:]
        if not item:
            return None
        text = self._span(item[0], item[-1]).text
        if "\n" in text:
            return None
        single = len(item) == 1 or (self._type(item[0]) in _OPENERS and self._close(item[0]) == item[-1])
        negative = len(item) == 2 and self._type(item[0]) == "NEGATIVE"
        called = self._type(item[0]) in ("CALLNAME", "INDEXED") and self._close(item[0] + 1) == item[-1]
        return name + (text if single or negative or called else f"({text})")

    # Arguments

    def _items(self, begin: int, end: int) -> Iterator[list[int]]:
        """The tokens between brackets, by their indices, without line ends and parted by commas."""
        item: list[int] = []
        depth = 0
        for index in range(begin + 1, end):
            type_ = self.tokens[index].type
            depth += (type_ in _OPENERS) - (type_ in _CLOSERS)
            if type_ == "COMMA" and not depth:
                yield from [item] if item else []
                item = []
            elif type_ != "NEWLINE":
                item.append(index)
        yield from [item] if item else []

    def _argument(self, item: list[int]) -> Argument:
        name = ""
        if len(item) > 2 and self._type(item[1]) == "EQUAL":
            name, item = self.text(item[0]), item[2:]
        types = [self._type(index) for index in item]
        text = self._span(item[0], item[-1]).text
        if types[0] in _OPENERS and self._close(item[0]) == item[-1] and set(types[1:-1]) <= {"NUMBER", "COMMA"}:
            return Argument(name, text, tuple(self.text(index) for index in item if self._type(index) == "NUMBER"))
        if len(item) == 1 and types[0] in _QUOTED:
            return Argument(name, text[1:-1], quoted=True)
        if len(item) == 1 and "." in text and types[0] == "NAME":
            return Argument(name, text, clear=False)
        if len(item) == 1:
            return Argument(name, _WORDS.get(text, text), clear=types[0] in _SAYABLE | {"TRUE", "FALSE"})
        if types == ["NEGATIVE", "NUMBER"] or (types == ["MINUS", "NUMBER"]):
            return Argument(name, text)
        dotted = any(type_ == "NAME" and "." in self.text(index) for type_, index in zip(types, item, strict=True))
        return Argument(name, f"({text})", clear=set(types) <= _SAYABLE and not dotted)


def _is_container(name: str) -> bool:
    return fold(name) == "sequential"
