"""Specs by chance: every construct of the grammar, in any legal layout, with comments wherever one may stand."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

__all__ = ["random_text"]

_COMMENTS = ("#", "# why", "## said of the next", "# } ] ) | else {", '# "open', "#  é 漢 \t ", "# -> 3x3", "### a # b")
_NAMES = ("a", "conv", "x1", "_y", "layers.relu", "iffy", "notes", "block", "network", "train", "use", "from", "with")
_PLAIN = ("n", "stages", "in_channels", "do_it")
_NUMBERS = ("0", "3", "0.5", ".5", "1e-4", "2.5E+3", "61_706", "2M", "1.5k")
_SIZES = ("3x3", "1x32x32", "?x7", "3x?x?")
_STRINGS = ('""', '"same"', '"a # b"', '"layer{i + 1}"', '"a | { ("')


def random_text(random: Random, depth: int = 3) -> str:
    """A text without syntax errors."""
    return _Writer(random).file(depth)


class _Writer:
    def __init__(self, random: Random) -> None:
        self.random = random
        self.in_brackets = 0
        self.on_one_line = 0
        self.end = random.choice(("\n", "\n", "\r\n"))

    def chance(self, probability: float) -> bool:
        return self.random.random() < probability

    def one(self, *makers: Callable[[], str]) -> str:
        return self.random.choice(makers)()

    def many(self, maker: Callable[[], str], least: int, most: int) -> list[str]:
        return [maker() for _ in range(self.random.randint(least, most))]

    # Blanks and line ends

    def blank(self) -> str:
        return self.random.choice(("", "", " ", " ", "  ", "\t", "     "))

    def ends(self) -> str:
        """One or more line ends, with comments and blank lines."""
        return "".join(self.many(self.line_end, 1, 3)) + self.blank()

    def line_end(self) -> str:
        comment = self.random.choice(_COMMENTS) if self.chance(0.4) else ""
        return self.blank() + comment + self.end

    def may_end(self) -> str:
        """A line end where one may stand but need not."""
        return self.ends() if not self.on_one_line and self.chance(0.15) else ""

    def gap(self) -> str:
        """What may stand between two tokens."""
        return self.ends() if self.in_brackets and self.chance(0.12) else self.blank()

    def space(self) -> str:
        """What has to stand between two words."""
        return self.gap() or " "

    def in_round(self, opener: str, maker: Callable[[], str], closer: str) -> str:
        self.in_brackets += 1
        inside = self.gap() + maker() + self.gap()
        self.in_brackets -= 1
        return opener + inside + closer

    def listed(self, maker: Callable[[], str], least: int, *, trailing: bool = True) -> str:
        items = self.many(maker, least, 4)
        text = items[0] if items else ""
        for item in items[1:]:
            text += self.gap() + "," + self.gap() + item
        return text + ((self.gap() + ",") if items and trailing and self.chance(0.2) else "")

    # Expressions

    def name(self) -> str:
        return self.random.choice(_NAMES)

    def expression(self, depth: int) -> str:
        if self.chance(0.12) and depth:
            middle = self.space() + "if" + self.space() + self.operation(depth - 1)
            before_else = self.may_end() or self.space()
            return self.operation(depth - 1) + middle + before_else + "else" + self.space() + self.expression(depth - 1)
        return self.operation(depth)

    def operation(self, depth: int) -> str:
        """Anything but a bare conditional, its operators in any order: parentheses where the grammar wants them."""
        if not depth or self.chance(0.4):
            return self.atom(depth)
        kind = self.random.randrange(7)
        if kind == 0:
            return self.infix(self.junction, depth, ("and", "or"))
        if kind == 1:
            return "not" + self.space() + self.grouped(depth - 1)
        if kind == 2:
            comparisons = ("==", "!=", "<=", ">=", "<", ">")
            return self.sum(depth - 1) + self.gap() + self.random.choice(comparisons) + self.gap() + self.sum(depth - 1)
        return self.sum(depth)

    def junction(self, depth: int) -> str:
        return self.one(lambda: self.sum(depth), lambda: self.grouped(depth), lambda: "not" + self.space() + "a")

    def infix(self, operand: Callable[[int], str], depth: int, words: tuple[str, ...]) -> str:
        text = operand(depth - 1)
        for _ in range(self.random.randint(1, 3)):
            text += self.space() + self.random.choice(words) + self.space() + operand(depth - 1)
        return text

    def sum(self, depth: int) -> str:
        text = self.signed(depth - 1)
        for _ in range(self.random.randint(0, 3)):
            text += self.gap() + self.random.choice("+-*/%") + self.gap() + self.signed(depth - 1)
        if self.chance(0.2):
            text += self.gap() + self.random.choice(("//", "**")) + self.gap() + self.signed(depth - 1)
        return text

    def signed(self, depth: int) -> str:
        return ("-" + self.gap() if self.chance(0.15) else "") + self.atom(max(depth, 0))

    def grouped(self, depth: int) -> str:
        return self.in_round("(", lambda: self.expression(max(depth, 0)), ")")

    def atom(self, depth: int) -> str:
        if not depth or self.chance(0.3):
            return self.random.choice((*_NUMBERS, *_SIZES, *_STRINGS, *_NAMES, *_PLAIN, "true", "false"))
        lower = depth - 1
        return self.one(
            lambda: self.grouped(lower),
            lambda: self.grouped(lower),
            lambda: self.tuple(lower),
            lambda: self.in_round("(", lambda: self.listed(lambda: self.keyed(lower), 1), ")"),
            lambda: self.in_round("[", lambda: self.listed(lambda: self.expression(lower), 0), "]"),
            lambda: self.in_round("[", lambda: self.comprehension(lower), "]"),
            lambda: self.in_round(f"{self.name()}(", lambda: self.listed(lambda: self.expression(lower), 0), ")"),
            lambda: self.in_round(f"{self.random.choice(_PLAIN)}[", lambda: self.expression(lower), "]"),
            lambda: self.in_round(f"{self.random.choice(_PLAIN)}[", lambda: self.slice(lower), "]"),
        )

    def tuple(self, depth: int) -> str:
        if self.chance(0.3):
            return self.in_round("(", lambda: self.expression(depth) + self.gap() + ",", ")")
        return self.in_round("(", lambda: self.listed(lambda: self.expression(depth), 2), ")")

    def keyed(self, depth: int) -> str:
        return self.name() + self.gap() + "=" + self.gap() + self.expression(depth)

    def comprehension(self, depth: int) -> str:
        words = self.space() + "for" + self.space() + self.pattern() + self.space() + "in" + self.space()
        return self.expression(depth) + words + self.expression(depth)

    def slice(self, depth: int) -> str:
        start = self.expression(depth) if self.chance(0.6) else ""
        return start + self.gap() + ":" + self.gap() + (self.expression(depth) if self.chance(0.6) else "")

    def pattern(self) -> str:
        return self.one(self.name, lambda: self.in_round("(", lambda: self.listed(self.name, 2), ")"))

    def value(self, depth: int) -> str:
        return "-" + self.random.choice(_NUMBERS) if self.chance(0.1) else self.atom(depth)

    # Statements

    def body(self, depth: int) -> str:
        one_line = self.chance(0.5)
        self.on_one_line += one_line
        statements = self.many(lambda: self.statement(depth), 0, 4)
        text = "{" + (self.may_end() or self.blank())
        for index, statement in enumerate(statements):
            text += (self.separator() if index else "") + statement
        text += ((self.may_end() if statements else "") or self.blank()) + "}"
        self.on_one_line -= one_line
        return text

    def separator(self) -> str:
        if self.on_one_line or self.chance(0.3):
            return (self.may_end() or self.blank()) + "|" + (self.may_end() or self.blank())
        return self.ends()

    def statement(self, depth: int) -> str:
        labels = ""
        if self.chance(0.3):
            label = lambda: self.random.choice((*_NAMES, '"layer{i}"', '"if"'))  # noqa: E731
            labels = self.listed(label, 1, trailing=False) + self.blank() + ":" + self.blank()
        contract = self.blank() + "->" + self.blank() + self.value(depth) if self.chance(0.3) else ""
        return labels + self.action(depth) + contract

    def action(self, depth: int) -> str:
        lower = depth - 1
        if not depth or self.chance(0.5):
            return self.call(max(lower, 0))
        return self.one(
            lambda: self.residual(lower),
            lambda: self.repeated(lower),
            lambda: self.if_(lower),
            lambda: self.let(lower),
            lambda: self.expect(lower),
        )

    def call(self, depth: int) -> str:
        text = self.name()
        for _ in range(self.random.randint(0, 3)):
            glued = text[-1] in ')]"' and self.chance(0.3)
            argument = self.atom(depth) if glued else self.one(lambda: self.value(depth), lambda: self.setting(depth))
            text += ("" if glued else self.space()) + argument
        return text + (self.blank() + self.body(depth) if depth and self.chance(0.3) else "")

    def setting(self, depth: int) -> str:
        return self.name() + self.blank() + "=" + self.blank() + self.value(depth)

    def residual(self, depth: int) -> str:
        same = self.space() + "when" + self.space() + "same" if self.chance(0.2) else ""
        text = "residual" + same + self.blank() + self.body(depth)
        if self.chance(0.7):
            when = self.space() + "when" + self.space() + "changed" if self.chance(0.5) else ""
            words = self.space() + self.random.choice(("identity", "projection", "projection  always"))
            behind = self.one(lambda: words, lambda: when + self.blank() + self.body(depth))
            text += (self.may_end() or self.blank()) + "shortcut" + behind
        return text

    def repeated(self, depth: int) -> str:
        over = self.pattern() + self.space() + "in" + self.space() + self.expression(depth)
        head = self.one(lambda: "repeat" + self.space() + self.expression(depth), lambda: "for" + self.space() + over)
        counter = self.space() + "as" + self.space() + "i" if self.chance(0.3) else ""
        return head + counter + self.blank() + self.body(depth)

    def if_(self, depth: int) -> str:
        text = "if" + self.space() + self.expression(depth) + self.blank() + self.body(depth)
        if self.chance(0.5):
            text += (self.may_end() or self.blank()) + "else"
            text += self.one(lambda: self.blank() + self.body(depth), lambda: self.space() + self.if_(depth))
        return text

    def let(self, depth: int) -> str:
        value = self.one(lambda: self.expression(depth), lambda: self.match(depth))
        return "let" + self.space() + self.pattern() + self.blank() + "=" + self.blank() + value

    def match(self, depth: int) -> str:
        subject = self.space() + self.expression(depth) + self.blank()
        one_line = self.on_one_line or self.chance(0.2)
        cases = self.many(lambda: self.case(depth), 1, 1 if one_line else 4)
        inside = self.may_end() + self.ends().join(cases) + self.may_end()
        return "match" + subject + "{" + self.blank() + inside + self.blank() + "}"

    def case(self, depth: int) -> str:
        return self.expression(depth) + self.blank() + ":" + self.blank() + self.expression(depth)

    def expect(self, depth: int) -> str:
        text = "expect" + self.space() + self.name() + self.blank() + self.random.choice(("=", "<=", "=="))
        text += self.blank() + self.expression(depth)
        if self.chance(0.4):
            settings = self.many(lambda: self.space() + self.setting(depth), 1, 3)
            text += self.space() + "with" + "".join(settings)
        return text

    # Files

    def file(self, depth: int) -> str:
        items = self.many(lambda: self.item(depth), 0, 4)
        text = self.ends() if self.chance(0.5) else self.blank()
        for index, item in enumerate(items):
            text += (self.ends() if index else "") + item
        text += self.one(self.ends, self.blank, lambda: self.blank() + self.random.choice(_COMMENTS))
        return ("\ufeff" if self.chance(0.1) else "") + text

    def item(self, depth: int) -> str:
        return self.one(
            lambda: self.definition(depth), lambda: self.definition(depth), lambda: self.train(depth), self.use
        )

    def definition(self, depth: int) -> str:
        text = self.random.choice(("network", "block")) + self.space() + self.name()
        if self.chance(0.5):
            parameter = lambda: self.one(self.name, lambda: self.keyed(depth))  # noqa: E731
            text += self.blank() + self.in_round("(", lambda: self.listed(parameter, 0), ")")
        return text + self.blank() + self.body(depth)

    def train(self, depth: int) -> str:
        name = self.space() + "Net" if self.chance(0.3) else ""
        return "train" + name + self.blank() + self.body(depth)

    def use(self) -> str:
        names = self.listed(lambda: "a", 1, trailing=False)
        return (
            "use" + self.space() + names + self.space() + "from" + self.space() + self.random.choice(('"b.cnn"', "std"))
        )
