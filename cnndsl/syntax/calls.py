"""Statements that are written as calls, as other frameworks and most languages have it: ``conv(64, 3)``, ``nn.ReLU()``,
``self.fc = nn.Linear(400, 10)``, ``nn.Sequential(...)``. They are read from the tokens before anything is parsed, so that
the whole of one is one mistake, and put into our words if that is certain.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from ..diagnostics import Edit
from ..explain.foreign import FLOW, SEVERAL, Argument, Signature, activation_meant, find_signature, fold, translate
from ..ops import OPERATORS
from ..record import Record
from ..source import Source, Span
from .call_tokens import CLOSERS, OPENERS, CallTokens
from .lexer import Token
from .tables import KEYWORDS

__all__ = ["CallReader", "ForeignCall"]

_ENDS = frozenset(("NEWLINE", "PIPE", "RBRACE", "LBRACE", "ARROW", "SLASHES", "SHORTCUT"))
_FLATTENING = frozenset(("view", "reshape", "flatten"))
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
    whole: bool = True
    """Whether the text is all that has to be written."""


class CallReader(CallTokens):
    """Reads the calls of one text, from the first on: what flows from one to the next is the value named last."""

    def __init__(self, source: Source, tokens: list[Token]) -> None:
        super().__init__(source, tokens)
        self.assigned = Counter(_ASSIGNED.findall(source.text))
        self.flowing = ""
        """The name that the statement before the call gave its value."""

    def read(self, index: int) -> ForeignCall | None:
        """The call whose name is the token at ``index``; None if it is not a whole statement."""
        first = index - 2 if self.tokens[index - 1].type == "EQUAL" else index
        last = self._end(index)
        if last is None:
            return None
        name = self.text(index)
        target = self.text(first) if first < index else ""
        if target and "." not in target and not self._is_layer(name):
            return None  # a setting, or a variable without `let`
        self.flowing = self._named_before(first)
        parts = self._parts(index, last, target, first)
        if parts.text.startswith("from ") and first == index and self.type_at(index - 1) == "COLON":
            parts = parts.replace(text="", edits=())  # the label would stand before the wrong one of the two
        last = self._with_separator(last)
        edits = self._whole(first, last, parts.edits)
        return ForeignCall(first, last, name, parts.word, parts.text, edits, parts.clear and bool(edits), parts.notes)

    def _named_before(self, first: int) -> str:
        """The name, if any, that the statement before the token gives to what it makes."""
        begin = first - 1
        while begin > 0 and self.type_at(begin) in ("NEWLINE", "PIPE"):
            begin -= 1
        inside = 0  # brackets that close behind the place looked at
        while begin > 0:
            inside += (self.type_at(begin) in CLOSERS) - (self.type_at(begin) in OPENERS)
            if not inside and self.type_at(begin - 1) in ("NEWLINE", "PIPE", "LBRACE"):
                break
            begin -= 1
        named = self.type_at(begin) in ("NAME", "STRING") and self.type_at(begin + 1) in ("EQUAL", "COLON")
        return self.text(begin).rpartition(".")[2] if named else ""

    @staticmethod
    def _is_layer(name: str) -> bool:
        """Whether a name is surely that of a layer."""
        package, _, last = name.rpartition(".")
        if fold(name) in ("sequential", "input", *SEVERAL) or package == "self" or package.startswith("self."):
            return True
        if package in FLOW and last in _FLATTENING:
            return True
        return find_signature(name) is not None

    # How far a call goes

    def _end(self, index: int) -> int | None:
        """The index of the last token of a call and the brackets glued to it, if it is a whole statement."""
        last = self.close(index + 1)
        if last is not None and self.type_at(last + 1) == "LPAR":
            last = self.close(last + 1)
        if last is None:
            return None
        following = self.type_at(self._with_separator(last) + 1)
        return last if following in _ENDS or following == "$END" else None

    def _with_separator(self, last: int) -> int:
        """The index of a comma or semicolon that ends the line behind a call."""
        more = last + 1
        separates = self.type_at(more) == "COMMA" or (self.type_at(more) == "BAD_CHARACTER" and self.text(more) == ";")
        return more if separates and self.type_at(more + 1) in _ENDS | {"$END"} else last

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
        if name.endswith(".add") and self.type_at(inner) == "CALLNAME" and self.close(inner + 1) == last - 1:
            parts = self._parts(inner, last - 1, "", inner)  # model.add(Layer(...))
            return parts.replace(edits=tuple(self._widened(parts.edits, first, last)))
        line = self._line(index, target)
        text = line.text
        edits = (Edit(self.span(first, last), text),) if text and line.whole else ()
        return line.replace(edits=edits)

    def _widened(self, edits: tuple[Edit, ...], first: int, last: int) -> Iterator[Edit]:
        if len(edits) == 1:
            yield edits[0].replace(span=self.span(first, last))

    def _line(self, index: int, target: str) -> _Parts:
        """One call as one line of ours."""
        name = self.text(index)
        close = self.close(index + 1)
        assert close is not None
        items = list(self.items(index + 1, close))
        flows = self._taken(close)
        if fold(name) in ("input", "activation"):
            return self._input(items) if fold(name) == "input" else self._activation(items, target)
        package, _, last = name.rpartition(".")
        if package in FLOW and last in _FLATTENING:
            return self._method(last, package, items, target)
        signature = find_signature(name)
        if signature is None:
            return self._unknown(name, items)
        if signature.word in ("concat", "add", "mul"):
            return self._join(signature.word, items, flows, target)
        return self._layer(signature, items, flows, target)

    def _layer(self, signature: Signature, items: list[list[int]], taken: list[str], target: str) -> _Parts:
        """A call of a layer; ``taken`` are the values in brackets behind it."""
        arguments = [self.argument(item) for item in items]
        inner = _Parts("", "", (), True)
        if signature.parameters[:1] == ("input",) and arguments and _is_number(arguments[0]):
            signature = signature.replace(parameters=signature.parameters[1:])  # the value is left out, as it is here
        elif self._takes_value(signature.parameters, arguments):
            value = arguments.pop(0)
            signature = signature.replace(parameters=signature.parameters[signature.parameters[:1] == ("input",) :])
            inner = self._inner(items[0]) if not value.clear else inner
            taken = taken if inner.text or not inner.clear else [value.text]
        made = translate(signature, tuple(arguments))
        notes = [*inner.notes, *made.notes]
        clear = made.clear and inner.clear
        if taken and not (len(taken) == 1 and self._is_flow(taken[0], target)):
            clear = False
            notes.append("a layer works on the value before it; `from NAME` goes on from another one")
        layers = (inner.text, *made.layers) if inner.text else made.layers
        text = self._labelled(layers, self._label(target) or made.label)
        return _Parts(signature.word, text, (), clear, tuple(notes), made.whole and inner.whole)

    def _inner(self, item: list[int]) -> _Parts:
        """The call that another call works on: ``F.relu(F.max_pool2d(x, 2))``."""
        if (
            self.type_at(item[0]) != "CALLNAME"
            or self.close(item[0] + 1) != item[-1]
            or not find_signature(self.text(item[0]))
        ):
            return _Parts(
                "", "", (), False, ("what stands inside the parentheses is a layer of its own, on the line before",)
            )
        return self._line(item[0], "")

    @staticmethod
    def _takes_value(parameters: tuple[str, ...], arguments: list[Argument]) -> bool:
        """Whether the first argument is the value to work on, as functions take it."""
        if not arguments or arguments[0].name:
            return False
        return parameters[:1] == ("input",) or (len(arguments) > len(parameters) and arguments[0].text in FLOW)

    def _taken(self, close: int) -> list[str]:
        """The values in the brackets behind a call: ``(x)``, ``([x, skip])``."""
        if self.type_at(close + 1) != "LPAR":
            return []
        end = self.close(close + 1)
        assert end is not None
        tokens = [token for token in range(close + 2, end) if self.tokens[token].type not in ("NEWLINE", "COMMA")]
        if tokens and self.tokens[tokens[0]].type in OPENERS:
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
        begin, end = index + 1, self.close(index + 1)
        if end is None or end != last:
            return _Parts("seq", "seq { ... }", (), False)
        if self.type_at(begin + 1) == "LSQB" and self.close(begin + 1) == self._before(end):
            begin, end = begin + 1, self._before(end)
        label = self._label(target)
        opening = f"{label}: seq {{" if label else "seq {"
        gap = "" if self.type_at(begin + 1) == "NEWLINE" else " "
        edits = [Edit(self.span(first, begin), opening + gap)]
        clear, notes = True, dict[str, None]()
        for item in self.items(begin, end):
            parts = self._element(item)
            clear &= parts.clear
            notes.update(dict.fromkeys(parts.notes))
            edits += parts.edits
            edits += self._comma(item[-1] + 1, end)
        gap = "" if self.type_at(end - 1) == "NEWLINE" or end == begin + 1 else " "
        edits.append(Edit(self.span(end, last), f"{gap}}}"))
        return _Parts("seq", "seq { ... }", tuple(edits), clear, tuple(notes))

    def _element(self, item: list[int]) -> _Parts:
        """A layer among those of a sequence."""
        first, last = item[0], item[-1]
        if self.type_at(first) == "CALLNAME" and self.close(first + 1) == last:
            return self._parts(first, last, "", first)
        return _Parts("", self.span(first, last).text, (), False, ("each layer of a `seq` is a call of its own",))

    def _before(self, index: int) -> int:
        """The index of the token before this one that is no comma and no line end."""
        index -= 1
        while self.type_at(index) in ("NEWLINE", "COMMA"):
            index -= 1
        return index

    def _comma(self, index: int, end: int) -> list[Edit]:
        """The comma behind a layer becomes nothing at the end of a line, and a ``|`` within it."""
        if self.type_at(index) != "COMMA" or index >= end:
            return []
        at_end = self.type_at(index + 1) == "NEWLINE" or index + 1 == end
        return [Edit(self.span(index, index), "" if at_end else " |")]

    def _join(self, word: str, items: list[list[int]], taken: list[str], target: str) -> _Parts:
        """``Concatenate()([x, skip])``, ``torch.cat([x, skip], 1)``: the value that flows is not named."""
        names = taken
        if not taken and items and self.type_at(items[0][0]) in OPENERS:
            names = [self.text(token) for token in items[0][1:-1] if self.tokens[token].type != "COMMA"]
        elif not taken and len(items) > 1:
            names = [self.text(item[0]) for item in items if len(item) == 1]
        if not taken and not names and len(items) == 1 and len(items[0]) == 1:
            names = [self.text(items[0][0])]
        flows = len(names) > 1 and self._is_flow(names[0], target)
        if flows and all(name.isidentifier() for name in names):
            label = self._label(target)
            return _Parts(word, self._labelled((f"{word} {' '.join(names[1:])}",), label), (), True)
        note = f"`{word} skip` joins the value before it and the one labelled `skip`"
        if names and all(self.assigned[name] == 1 and name not in FLOW for name in names):
            text = f"{word} {names[0]}" if len(names) == 1 else f"from {names[0]} | {word} {' '.join(names[1:])}"
            return _Parts(word, text if len(names) == 1 or not target else "", (), len(names) == 1, (note,))
        return _Parts(word, "", (), False, (note,))

    def _input(self, items: list[list[int]]) -> _Parts:
        """``Input(shape=(28, 28, 1))``: Keras has the channels last."""
        argument = self.argument(items[0]) if len(items) == 1 else None
        extents = argument.items if argument else tuple(self.text(item[0]) for item in items if len(item) == 1)
        if (len(items) > 1 and len(extents) != len(items)) or not all(extent.isdigit() for extent in extents):
            return _Parts("input", "", (), False)
        if argument and not extents and argument.text:
            return _Parts("input", f"input {argument.text}", (), not argument.name)
        if argument and argument.name == "shape" and len(extents) == 3:
            last = f"input {extents[2]}x{extents[0]}x{extents[1]}"
            clear = int(extents[2]) <= 4 < int(extents[0])
            return _Parts("input", last, (), clear, ("channels come first here",))
        return _Parts("input", f"input {'x'.join(extents)}" if extents else "", (), True)

    def _method(self, last: str, value: str, items: list[list[int]], target: str) -> _Parts:
        """``x.view(-1, 400)``, ``x.flatten(1)``: all numbers of a sample behind each other."""
        texts = [self.span(item[0], item[-1]).text for item in items]
        flattens = texts == ["1"] if last == "flatten" else len(texts) == 2 and "-1" in texts
        clear = flattens and self._is_flow(value, target)
        return _Parts("flatten" if flattens else "reshape", "flatten" if flattens else "", (), clear)

    def _activation(self, items: list[list[int]], target: str) -> _Parts:
        """``Activation('relu')``."""
        meant = activation_meant(self.argument(items[0]).text, OPERATORS) if len(items) == 1 else None
        if not meant:
            return _Parts("an activation", "", (), False, (SEVERAL["activation"],))
        return _Parts(meant.split()[0], self._labelled((meant,), self._label(target)), (), True)

    def _unknown(self, name: str, items: list[list[int]]) -> _Parts:
        """A call of what no table knows, or what several layers stand for."""
        if fold(name) in SEVERAL:
            return _Parts(name, "", (), False, (SEVERAL[fold(name)],))
        if name.startswith("self."):
            note = f"a layer works where it is written: write it here, in place of `{name}`"
            return _Parts(name, "", (), False, (note,))
        return self._plain(name, items)

    def _plain(self, name: str, items: list[list[int]]) -> _Parts:
        """A call of a block, a setting, or a slip that is found when names are."""
        texts = [self.plain_argument(item) for item in items]
        clear = "." not in name and None not in texts
        text = " ".join((name, *(text for text in texts if text))) if clear else ""
        note = () if clear else (f"`{name}` is no layer that this language knows: `cnndsl layers` lists them",)
        return _Parts(name, text, (), clear, note)


def _is_number(argument: Argument) -> bool:
    """Whether an argument by place is a number or several, and so no value to work on."""
    return not argument.name and (bool(argument.items) or argument.text.replace(".", "", 1).isdigit())
