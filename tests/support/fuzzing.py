"""What is promised for any bytes given to ``check``, and ways of making bytes that put it to the test."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

from cnndsl.api import check_source
from cnndsl.diagnostics import Diagnostic, DiagnosticError
from cnndsl.diagnostics.json import to_json
from cnndsl.diagnostics.text import render
from cnndsl.reading import decode

__all__ = ["SEEDS", "Mutator", "examine"]

_SPECS = Path(__file__).parents[2] / "specs"
_TEXTS = Path(__file__).parents[1] / "syntax" / "texts"

SEEDS: tuple[bytes, ...] = tuple(path.read_bytes() for path in sorted((*_SPECS.glob("*.cnn"), *_TEXTS.glob("*.cnn"))))
"""Good specs to begin from."""

_TOKENS = (
    *[
        "(",
        ")",
        "[",
        "]",
        "{",
        "}",
        "|",
        ",",
        ":",
        "=",
        "+",
        "-",
        "*",
        "**",
        "/",
        "//",
        "%",
        "<",
        "<=",
        "==",
        "!=",
        "->",
        "-1",
        "\n",
        "?",
        "#",
        "##",
        '"',
        "@",
        ";",
        ".",
        "x",
        "0",
        "1",
        "2",
        "3x3",
        "5x5",
        "1x32x32",
        "?x7",
        "0.5",
        "1e9",
        "2M",
        "9e999",
    ],
    *[
        "let",
        "if",
        "else",
        "for",
        "repeat",
        "residual",
        "shortcut",
        "expect",
        "and",
        "or",
        "not",
        "true",
        "false",
        "in",
        "as",
        "match",
        "when",
        "with",
        "from",
        "use",
    ],
    *[
        "network",
        "block",
        "train",
        "input",
        "conv",
        "dense",
        "flatten",
        "relu",
        "maxpool",
        "avgpool",
        "bn",
        "dropout",
        "seq",
        "concat",
        "add",
        "mul",
        "branch",
        "head",
        "split",
    ],
    *[
        "params",
        "macs",
        "output",
        "stride=2",
        "pad=1",
        "pad=same",
        "groups=0",
        "bias=false",
        "range(9)",
        "max(",
        "xs[",
        "a",
        "a:",
        "a=",
        '"a{i}":',
        "i",
        "in_channels",
        "std",
    ],
    *(
        "repeat 3 {",
        "for i in [1, 2] {",
        "let a = ",
        "expect params = 1 with a=2",
        "shortcut projection",
        "2147483647",
        "９",
        "é",
    ),
)
_BYTES = (
    b"\x00",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    b"\r",
    b"\t",
    b"\x1b[31m",
    b"\xe2\x80\xa8",
    b"\xf0\x9f\x98\x80",
)


def examine(content: bytes) -> tuple[str, ...]:
    """Check bytes as the command line does, show all that is found in every way, and return its codes.

    Raises:
        AssertionError: If a promise is broken. Any other exception is a bug as well.
    """
    try:
        checked = check_source(decode(content, "input.cnn"))
    except DiagnosticError as error:
        found = error.diagnostics
    else:
        found = checked.diagnostics
        if checked.file.networks and not checked.has_errors:
            assert checked.graph is not None, "a spec without errors has a graph"
    for diagnostic in found:
        _show(diagnostic)
    return tuple(diagnostic.kind.code for diagnostic in found)


def _show(diagnostic: Diagnostic) -> None:
    labels = [label.span for label in (diagnostic.primary, *diagnostic.secondary) if label is not None]
    for span in (*labels, *(edit.span for fix in diagnostic.fixes for edit in fix.edits)):
        assert 0 <= span.start <= span.end <= len(span.source.text), "a place lies in its text"
    plain = render(diagnostic)
    assert all(line.isprintable() for line in plain.split("\n")), "a spec cannot steer the terminal"
    assert render(diagnostic, color=True).count("\n") == plain.count("\n")
    data = to_json(diagnostic)
    assert json.loads(json.dumps(data, ensure_ascii=True)) == data


class Mutator:
    """Makes inputs out of good ones, the same for the same random numbers."""

    def __init__(self, random: Random, seeds: tuple[bytes, ...] = SEEDS, longest: int = 700) -> None:
        self.random = random
        self.seeds = seeds
        self.longest = longest

    def bytes(self) -> bytes:
        """A good spec, or a part of one, with some bytes changed."""
        content = bytearray(self._seed())
        for _ in range(self.random.choice((1, 1, 1, 2, 3, 8))):
            self._change_bytes(content)
        return bytes(content)

    def tokens(self) -> bytes:
        """A good spec with some words dropped, doubled, moved or replaced."""
        words = self._seed().decode("utf-8", "replace").replace("\n", " \n ").split(" ")
        for _ in range(self.random.choice((1, 1, 2, 3, 6))):
            self._change_words(words)
        return " ".join(words).encode()

    def _seed(self) -> bytes:
        seed = self.random.choice(self.seeds)
        if len(seed) <= self.longest:
            return seed
        head = seed[: seed.find(b"\n    input")] or b"network A {"
        lines = seed.split(b"\n")
        start = self.random.randrange(len(lines))
        body = b"\n".join(lines[start:])[: self.longest]
        return body if self.random.random() < 0.3 else head[-200:] + b"\n    input 3x32x32\n" + body + b"\n}"

    def _change_bytes(self, content: bytearray) -> None:
        place = self.random.randrange(len(content) + 1)
        length = self.random.choice((1, 1, 2, 5, 20))
        match self.random.randrange(7):
            case 0:
                del content[place : place + length]
            case 1:
                content[place:place] = bytes(self.random.randrange(256) for _ in range(length))
            case 2:
                content[place : place + 1] = bytes((self.random.randrange(32, 127),))
            case 3:
                content[place:place] = self.random.choice(_BYTES)
            case 4:
                content[place:place] = content[place : place + length] * self.random.choice((1, 2, 30))
            case 5:
                other = self.random.choice(self.seeds)
                start = self.random.randrange(len(other))
                content[place:place] = other[start : start + 4 * length]
            case _:
                del content[place:]

    def _change_words(self, words: list[str]) -> None:
        place = self.random.randrange(len(words))
        match self.random.randrange(6):
            case 0:
                del words[place : place + self.random.choice((1, 1, 3))]
                words.append("")
            case 1:
                words[place] = self.random.choice(_TOKENS)
            case 2:
                words.insert(place, self.random.choice(_TOKENS))
            case 3:
                words.insert(place, words[self.random.randrange(len(words))])
            case 4:
                other = self.random.randrange(len(words))
                words[place], words[other] = words[other], words[place]
            case _:
                words[place] = words[place] + self.random.choice(_TOKENS)
