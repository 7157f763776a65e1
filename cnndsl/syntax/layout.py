"""Bodies by indentation, as Python has them, and between ``begin`` and ``end``: read as if their braces were there, so that
a whole text written that way gives one mistake for each outermost body, and the edit that puts the braces in.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix, Label
from ..diagnostics.kinds import syntax
from ..record import Record
from ..source import Source, Span
from .braces_left_out import CLOSING_WORDS
from .brackets import MAX_NESTING
from .lexer import Token
from .mistakes import WITH_BODIES
from .statements_elsewhere import ITEMS, refused

__all__ = ["take_layout"]

_OPENING_WORDS = frozenset(("begin", "do", "then"))
_STRUCTURES = frozenset(("REPEAT", "FOR", "IF", "ELSE", "RESIDUAL", "NETWORK", "BLOCK", "TRAIN"))
_ELSE_IF = frozenset(("elif", "elsif", "elseif"))
_BRACES = {"LBRACE": 1, "RBRACE": -1}


class _Line(Record):
    """A line of the text: its first and last token by index, line ends left out, and how many blanks it begins with."""

    first: int
    last: int
    indent: int


class _Body(Record):
    """Lines that stand deeper than the one before them: the header, the last of them, and the line of an ``end`` or None."""

    header: int
    last: int
    end: int | None


def take_layout(
    source: Source, tokens: list[Token], diagnostics: Diagnostics
) -> tuple[list[Token], list[tuple[int, int]]]:
    """Report the bodies without braces; the tokens with them, and the stretches about which all is said."""
    return _Layout(source, tokens, diagnostics).run()


class _Layout:
    """The lines of one text, and what becomes of their tokens."""

    def __init__(self, source: Source, tokens: list[Token], diagnostics: Diagnostics) -> None:
        self.source = source
        self.tokens = tokens
        self.diagnostics = diagnostics
        self.lines = list(_lines(source, tokens))
        self.in_training = set(self._settings())
        self.surplus = sum(_BRACES.get(token.type, 0) for token in tokens) < 0
        self.replaced: dict[int, list[Token]] = {}
        self.appended: dict[int, list[Token]] = {}
        self.edits: list[Edit] = []
        self.closers: dict[int, list[str]] = {}
        self.found: dict[str, list[tuple[Span, list[Edit]]]] = {}
        """The outermost bodies, by the word or sign that opens them, or by the index of their first token."""
        self.said: list[tuple[int, int]] = []

    def run(self) -> tuple[list[Token], list[tuple[int, int]]]:
        number = len(self.lines) if self._is_too_deep() else 0
        while number < len(self.lines):
            body = self._body(number)
            number = self._outermost(body) if body else number + 1
        for opener, bodies in self.found.items():
            self._report(opener, bodies)
        kept: list[Token] = []
        for index, token in enumerate(self.tokens):
            kept += self.replaced.get(index, [token])
            kept += self.appended.get(index, [])
        return kept, self.said

    def _settings(self) -> Iterator[int]:
        """The lines inside of `train`, which hold no bodies."""
        train = -1
        for number, line in enumerate(self.lines):
            if line.indent <= train:
                train = -1
            if train >= 0:
                yield number
            elif self.tokens[line.first].type == "TRAIN":
                train = line.indent

    def _is_too_deep(self) -> bool:
        """Whether lines stand deeper in each other than bodies may."""
        open_: list[int] = []
        for line in self.lines:
            while open_ and line.indent <= open_[-1]:
                open_.pop()
            open_.append(line.indent)
            if len(open_) > MAX_NESTING:
                return True
        return False

    # What is a body

    def _body(self, number: int) -> _Body | None:
        """The body without braces that a line begins."""
        line = self.lines[number]
        if (
            number + 1 == len(self.lines)
            or number in self.in_training
            or self.lines[number + 1].indent <= line.indent
            or not self._opens(line)
        ):
            return None
        last = number + 1
        while last + 1 < len(self.lines) and self.lines[last + 1].indent > line.indent:
            last += 1
        behind = last + 1
        ends = (
            behind < len(self.lines) and self.lines[behind].indent == line.indent and self._is_end(self.lines[behind])
        )
        if self.surplus and self._is_closed(behind, line):
            return None  # its `{` is all that is missing
        inside = self.tokens[line.first : self.lines[last].last + 1]
        if sum(_BRACES.get(token.type, 0) for token in inside):
            return None  # some of its braces are there
        return _Body(number, last, behind if ends else None)

    def _opens(self, line: _Line) -> bool:
        """Whether a line is one behind which a body stands: by its colon, by a word, or because it cannot be without."""
        types = [token.type for token in self.tokens[line.first : line.last + 1]]
        following = self.tokens[line.last + 1 : line.last + 3]
        if "LBRACE" in types or any(token.type in ("PIPE", "LBRACE") for token in following[:1]):
            return False
        if types[-1] == "COLON" or (len(types) > 1 and self._text(line.last) in _OPENING_WORDS):
            return True
        opened = types.count("LPAR") + types.count("LSQB") - types.count("RPAR") - types.count("RSQB")
        if opened or types[-1] in ("EQUAL", "COMMA"):
            return False
        labels = types.index("COLON") + 1 if "COLON" in types and types[0] not in _STRUCTURES else 0
        begins = types[labels]
        word = self._text(line.first + labels)
        return begins in _STRUCTURES or (begins == "NAME" and word in WITH_BODIES | ITEMS.keys() and self._alone(line))

    def _is_label(self, header: _Line) -> bool:
        """Whether the line is a label with nothing behind it."""
        if header.last != header.first + 1 or self.tokens[header.last].type != "COLON":
            return False
        return self.tokens[header.first].type in ("NAME", "STRING") and self._text(header.first) not in WITH_BODIES

    def _alone(self, line: _Line) -> bool:
        """Whether the line is a word only, or begins an item."""
        return line.first == line.last or self._text(line.first) in ITEMS

    def _is_closed(self, number: int, header: _Line) -> bool:
        """Whether the line behind a body is its `}`."""
        line = self.lines[number] if number < len(self.lines) else None
        return line is not None and line.indent == header.indent and self.tokens[line.first].type == "RBRACE"

    def _is_end(self, line: _Line) -> bool:
        return self._text(line.first) in CLOSING_WORDS and line.last - line.first < 2

    # What becomes of it

    def _outermost(self, body: _Body) -> int:
        """Report a body and those inside it, and the ``else`` that belongs to it; the number of the line behind."""
        self.edits, self.closers = [], {}
        header = self.lines[body.header]
        refusal = refused(self.source, self.tokens, header.first, self.lines[body.last].last)
        if refusal is not None:
            return self._swallow(body, refusal)
        if self._is_label(header) and self._is_one_statement(body):
            self._join(body)
            return body.last + 1
        behind = self._brace(body)
        while behind < len(self.lines) and self._goes_on(self.lines[behind], header):
            following = self._body(behind)
            if following is None:
                break
            behind = self._brace(following)
        self._note(header)
        return behind

    def _is_one_statement(self, body: _Body) -> bool:
        inside = self.lines[body.header + 1 : body.last + 1]
        closing = ("RBRACE", "ELSE", "SHORTCUT", "PIPE")
        begins = [line for line in inside if self.tokens[line.first].type not in closing]
        return sum(line.indent == inside[0].indent for line in begins) == 1

    def _join(self, body: _Body) -> None:
        """``c1:`` and its layer on the line below."""
        colon, below = self.lines[body.header].last, self.lines[body.header + 1].first
        for index in range(colon + 1, below):
            self.replaced[index] = []
        blank = Span(self.source, self.tokens[colon].end, self.tokens[below].start)
        fixes = (Fix("move the layer up", (Edit(blank, " "),), True),) if not blank.text.strip() else ()
        message = "a label stands on the line of its layer"
        help_ = f"write `{self._text(colon - 1)}: {self._text(below)} ...`"
        label = Label(self._span(colon - 1).to(self._span(colon)))
        self.diagnostics.report(Diagnostic(syntax.UNEXPECTED, message, label, help=(help_,), fixes=fixes))

    def _goes_on(self, line: _Line, header: _Line) -> bool:
        return line.indent == header.indent and (
            self.tokens[line.first].type == "ELSE" or self._text(line.first) in _ELSE_IF
        )

    def _swallow(self, body: _Body, refusal: Diagnostic) -> int:
        """Nothing of the body can stand here: one mistake for the whole of it."""
        first = self.lines[body.header].first
        last = self.lines[body.last if body.end is None else body.end].last
        self.diagnostics.report(refusal)
        for index in range(first, last + 1):
            self.replaced[index] = []
        stretch = self.tokens[first].start, self.tokens[last].end
        self.replaced[first] = [Token("ELSEWHERE", *stretch)]
        self.said.append(stretch)
        return (body.last if body.end is None else body.end) + 1

    def _brace(self, body: _Body) -> int:
        """Put braces around a body and those inside it; the number of the line behind."""
        header = self.lines[body.header]
        self._open(header)
        number = body.header + 1
        while number <= body.last:
            inner = self._body(number)
            number = self._brace(inner) if inner else number + 1
        self._close(body)
        return body.last + 1 if body.end is None else body.end + 1

    def _open(self, header: _Line) -> None:
        last = self.tokens[header.last]
        instead = last.type == "COLON" or self._text(header.last) in _OPENING_WORDS
        span = Span(self.source, last.start if instead else last.end, last.end)
        brace = Token("LBRACE", span.start, span.end)
        if self._is_label(header):
            self.appended[header.last] = [Token("NAME", last.end, last.end), Token("LBRACE", last.end, last.end)]
            self.edits.append(Edit(Span(self.source, last.end, last.end), " seq {"))
            return
        if instead:
            self.replaced[header.last] = [brace]
        else:
            self.appended[header.last] = [brace]
        blank = "" if self.source.text[span.start - 1] in " \t" else " "
        self.edits.append(Edit(span, f"{blank}{{"))
        self._first_word(header)

    def _first_word(self, header: _Line) -> None:
        """``def unit(c):`` is a block, ``class Net(nn.Module):`` a network, ``elif`` goes on."""
        first = self.tokens[header.first]
        text = self._text(header.first)
        meant = ITEMS.get(text)
        if text in _ELSE_IF:
            self.replaced[header.first] = [first._replace(type="ELSE"), Token("IF", first.end, first.end)]
            self.replaced[header.first - 1] = []  # the line end before it
            self.edits.append(Edit(self._span(header.first), "else if"))
        elif meant is not None and self.tokens[header.first + 1].type in ("NAME", "CALLNAME"):
            self.replaced[header.first] = [first._replace(type=meant.upper())]
            self.edits.append(Edit(self._span(header.first), meant))
            if text == "class" and self.tokens[header.last - 1].type == "RPAR":
                self._without_bases(header)

    def _without_bases(self, header: _Line) -> None:
        for index in range(header.first + 2, header.last):
            self.replaced[index] = []
        bases = self._span(header.first + 2).to(self._span(header.last - 1))
        self.replaced[header.first + 1] = [self.tokens[header.first + 1]._replace(type="NAME")]
        self.edits.append(Edit(bases, ""))

    def _close(self, body: _Body) -> None:
        last = self.lines[body.last].last
        offset = self.tokens[last].end
        if body.end is not None:
            end = self.lines[body.end]
            for index in range(end.first, end.last + 1):
                self.replaced[index] = []
            self.replaced[end.first] = [self.tokens[end.first]._replace(type="RBRACE")]
            self.edits.append(Edit(self._span(end.first).to(self._span(end.last)), "}"))
            return
        self.appended.setdefault(last, []).append(Token("RBRACE", offset, offset))
        line_end = self.source.rest_of_line(offset)[1]
        header = self.tokens[self.lines[body.header].first]
        begin = header.start - self.source.position(header.start)[1] + 1
        blanks = self.source.text[begin : header.start]
        self.closers.setdefault(line_end, []).append(f"\n{blanks}}}")

    def _note(self, header: _Line) -> None:
        """Keep what is to be said of an outermost body; all of a text that are written alike are one mistake."""
        edits = [*self.edits, *(Edit(Span(self.source, at, at), "".join(text)) for at, text in self.closers.items())]
        last = self._span(header.last)
        if self._is_label(header):
            self._say_sequence(header, edits)
        elif last.text == ":" or last.text in _OPENING_WORDS:
            self.found.setdefault(last.text, []).append((last, edits))
        else:
            self.found[f"{header.first}"] = [(last, edits)]

    def _say_sequence(self, header: _Line, edits: list[Edit]) -> None:
        label = self._span(header.first).to(self._span(header.last))
        message = f"`{label.text}` names one layer, the one right behind it"
        help_ = f"write `{label.text} seq {{ ... }}` around several layers"
        fix = Fix("write `seq { ... }`", tuple(edits))
        self.diagnostics.report(Diagnostic(syntax.UNEXPECTED, message, Label(label), help=(help_,), fixes=(fix,)))

    def _report(self, opener: str, bodies: list[tuple[Span, list[Edit]]]) -> None:
        last = bodies[0][0]
        if last.text == opener:
            quoted = "a colon" if opener == ":" else f"`{opener}`"
            message = f"a body stands in braces, not behind {quoted}"
            help_ = f"write `{{` in place of `{opener}`, and `}}` below the last line of the body"
        else:
            word = self._text(int(opener))
            message = f"`{word}` lacks the braces of its body"
            help_ = "write `{` at the end of this line, and `}` below the last line of the body"
            last = Span(self.source, last.end, last.end)
        others = tuple(Label(span, "and here") for span, _ in bodies[1:])
        words = {edit.span.text: edit.replacement for _, edits in bodies for edit in edits if edit.span.text in ITEMS}
        notes = tuple(f"`{word}` is written `{here}` here" for word, here in words.items())
        fix = Fix("write the braces", tuple(edit for _, edits in bodies for edit in edits), True)
        self.diagnostics.report(
            Diagnostic(syntax.UNEXPECTED, message, Label(last), others, notes=notes, help=(help_,), fixes=(fix,))
        )

    def _text(self, index: int) -> str:
        return self.source.text[self.tokens[index].start : self.tokens[index].end]

    def _span(self, index: int) -> Span:
        return Span(self.source, self.tokens[index].start, self.tokens[index].end)


def _lines(source: Source, tokens: list[Token]) -> Iterator[_Line]:
    """The lines of a text; those inside parentheses go on."""
    first = depth = 0
    number = 0
    for index, token in enumerate(tokens):
        if token.type == "NEWLINE":
            continue
        line = source.position(token.start)[0]
        if line != number and not depth:
            if number:
                yield _line(source, tokens, first, index)
            first, number = index, line
        depth = max(0, depth + (token.type in ("LPAR", "LSQB")) - (token.type in ("RPAR", "RSQB")))
        if token.type in _BRACES:
            depth = 0
    if number:
        yield _line(source, tokens, first, len(tokens))


def _line(source: Source, tokens: list[Token], first: int, behind: int) -> _Line:
    last = behind - 1
    while tokens[last].type == "NEWLINE":
        last -= 1
    begin = tokens[first].start - source.position(tokens[first].start)[1] + 1
    prefix = source.text[begin : tokens[first].start]
    return _Line(first, last, len(prefix.expandtabs(8)))
