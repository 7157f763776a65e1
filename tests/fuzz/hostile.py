"""Texts made to hurt: each drives one part of the checker to its worst at a given size."""

from __future__ import annotations

from collections.abc import Callable, Iterator

__all__ = ["BOMBS", "hostile_texts"]

_NETWORK = "network A {\n input 1x8x8\n "


def _fill(unit: str, size: int, head: str = "", tail: str = "") -> str:
    return head + unit * max(1, (size - len(head) - len(tail)) // len(unit)) + tail


def _inside(unit: str, size: int) -> str:
    return _fill(unit, size, _NETWORK, "\n}")


def _distinct(line: str, size: int, head: str = _NETWORK, tail: str = "\n}") -> str:
    """Many lines in which ``#`` is a number of its own."""
    rounds = size // (len(line) + 5)
    return head + "\n".join(line.replace("#", f"{index:x}") for index in range(rounds)) + tail


# One unit, over and over, to the size: in a network's body.
_BODY_UNITS = {
    "one long line": "relu | ",
    "many lines": "relu\n",
    "one letter per line": "x\n",
    "one dot per line": ".\n",
    "one quote per line": '"\n',
    "one sign per line": "<\n",
    "pipes": "|",
    "pipes and comments": "\n#\n|",
    "commas": "a,",
    "arguments": "a ",
    "combining characters": "a\u0301",
    "emoji": "\U0001f600 ",
    "open parentheses": "(",
    "open and closed": "[)",
    "braces": "{}",
    "closing braces": "}\n",
    "three closers": "}])",
    "a broken contract on each line": "relu -> 1x1x1\n",
    "a broken expectation on each line": "expect params = 1\n",
    "a comma on each line": "conv 1,\n",
    "calls with parentheses": "conv(1, 2)\n",
    "misspelt layers": "cnov 6 5x5\n",
    "else without if": "else if a {}",
    "labels": "a:b:",
    "minuses": "- ",
    "broken numbers": "5. ",
    "sizes": "3X3 ",
}
_VALUE_UNITS = {
    "a long sum": "1+",
    "a tower of powers": "1**",
    "negations": "- ",
    "nots": "not ",
    "conditions": "1 if true else ",
    "disjunctions": "false or ",
    "open lists": "[1,",
    "digits": "9",
    "an open string": '"',
}
_FILE_UNITS = {
    "blank lines": "\n",
    "carriage returns": "\r",
    "blanks": " ",
    "nuls": "\0",
    "byte order marks": "\ufeff",
    "a long name": "x",
    "comments": "##\n",
    "networks": "network A { input 1 }\n",
    "misspelt networks": "netwrk A {}\n",
    "open networks": "network A {\n",
    "trains": "train {}\n",
    "uses": 'use a from "b"\n',
}

BOMBS = {
    "nested repeats": "repeat 100000 { repeat 100000 { relu } }",
    "a hundred thousand layers": "repeat 100000 { relu }",
    "a long empty loop": "repeat 2147483647 { let x = 1 }",
    "nested empty loops": "repeat 2147483647 { repeat 2147483647 { } }",
    "a wrong layer in a loop": "repeat 100000 { cnov }",
    "a wrong attribute in a loop": "repeat 100000 { relu bais=false }",
    "a wrong sequence in a loop": "repeat 100000 { seq { conv 3 9x9 } }",
    "labels in a loop": 'repeat 50000 as i { "l{i}": relu }',
    "a loop of a loop": "for i in range(10000) { for j in range(10000) { let x = 1 } }",
    "nested comprehensions": "let a = [[[1 for k in range(10000)] for j in range(10000)] for i in range(10000)]",
    "comprehensions thrown away": "let a = [len([1 for j in range(10000)]) for i in range(10000)]",
    "ranges in a comprehension": "let a = [range(10000) for i in range(10000)]",
    "sums in a comprehension": "let b = range(10000)\nlet a = [sum(b) for i in b]",
    "slices in a comprehension": "let b = range(10000)\nlet a = [b[:] for i in b]",
    "a tower of lists": "let a = [1, 1]\n" + "let a = [a, a]\n" * 40,
    "towers compared": "let a = (1, 1)\nlet b = (1, 1)\n"
    + "let a = (a, a)\nlet b = (b, b)\n" * 12
    + "if a == b { relu }",
    "a doubled list": "let a = [1]\n" + "let a = a + a\n" * 60,
    "a doubled string": 'let a = "a"\n' + "let a = a + a\n" * 60,
    "a huge power": "let a = 9223372036854775807 ** 100",
    "powers of powers": "let a = 2 ** 2 ** 2 ** 2 ** 2 ** 2 ** 2",
    "a rounding to nothing": "let a = round(25, 0-4000000000000000000)",
    "a long range": "let a = range(4000000000000000000)",
    "64 variants of a large network": "repeat 2000 { relu }\n"
    + "\n".join(f"expect params = 0 with a={index}" for index in range(64)),
}
"""Short bodies of a network with a parameter ``a`` that would run on without end."""


def hostile_texts(size: int) -> dict[str, Callable[[], str]]:
    """Texts of about this many characters by what is bad about them; made when they are asked for."""
    return dict(_hostile(size))


def _hostile(size: int) -> Iterator[tuple[str, Callable[[], str]]]:
    for name, unit in _BODY_UNITS.items():
        yield name, lambda unit=unit: _inside(unit, size)
    for name, unit in _VALUE_UNITS.items():
        yield name, lambda unit=unit: _fill(unit, size, _NETWORK + "let a = ", "1\n}")
    for name, unit in _FILE_UNITS.items():
        yield name, lambda unit=unit: _fill(unit, size)
    yield "unknown layers", lambda: _distinct("unknown_#", size)
    yield "unknown attributes", lambda: _distinct("conv 1 1x1 a#=1", size)
    yield "attributes on one line", lambda: _distinct("a#=1", size, _NETWORK + "conv 1 1x1 ").replace("\n", " ", size)
    yield "many variables and unknown ones", _variables(size)
    yield "lists", lambda: _distinct("let a# = range(10000)", size)
    yield "strings", lambda: _distinct('let a# = a + "#"', size, _NETWORK + 'let a = "' + "a" * 9000 + '"\n')
    yield "distinct networks", lambda: _distinct("network N# { input 1x8x8 }", size, "", "")
    yield "distinct trains", lambda: _distinct("train N# { data digits }", size, "network A { input 1 }\n", "")
    yield "distinct parameters", lambda: _distinct("p#=1,", size, "network A(", ") { input 1 }")
    yield "variants", lambda: _distinct("expect params = 0 with a=#", size, "network A(a = 1) { input 1x8x8\n")
    yield "cases", lambda: _distinct("0.#: 1", size, _NETWORK + "let a = match 1 {\n", "\n}\n}")


def _variables(size: int) -> Callable[[], str]:
    return lambda: _distinct("let abcdef# = 1", size // 2, _NETWORK, "\n") + _distinct("conv abcdeg#", size // 2, "")
