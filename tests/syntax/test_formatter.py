"""The formatter: what it may never change, on any text, and how it lays out what people write."""

from __future__ import annotations

import re
import time
from pathlib import Path
from random import Random
from textwrap import dedent, indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnndsl.diagnostics import DiagnosticError
from cnndsl.formatting import format_source
from cnndsl.record import Record
from cnndsl.source import Source
from cnndsl.syntax import Unreadable, ast, parse
from cnndsl.syntax.lexer import tokenize
from cnndsl.syntax.tables import KEYWORDS, PATTERN

from .texts import random_text

ROOT = Path(__file__).parents[2]
SHIPPED = (*sorted((ROOT / "specs").glob("*.cnn")), ROOT / "cnndsl" / "std.cnn")
SPECS = {path.name: path.read_text(encoding="utf-8") for path in SHIPPED}
SEEDS = st.integers(0, 2**32)
EXAMPLES = settings(max_examples=100)


def formatted(text: str) -> str:
    return format_source(Source("some.cnn", text))


def tree(text: str) -> ast.File:
    return parse(Source("some.cnn", text))


def comments(text: str) -> list[str]:
    return [comment.text.rstrip() for comment in tokenize(Source("some.cnn", text))[1]]


def spellings(text: str) -> list[str]:
    """Numbers, sizes and strings as they are written."""
    tokens, _ = tokenize(Source("some.cnn", text))
    source = text.removeprefix("\ufeff")
    return [source[token.start : token.end] for token in tokens if token.type in ("NUMBER", "SIZE", "STRING")]


def assert_only_layout_changes(text: str) -> None:
    before = tree(text)
    after = formatted(text)
    assert tree(after) == before
    assert comments(after) == comments(text)
    assert spellings(after) == spellings(text)
    assert formatted(after) == after
    assert_neat(after)


def assert_neat(text: str) -> None:
    lines = text.split("\n")
    assert lines[-1] == ""
    assert not text.startswith(("\n", "\ufeff"))
    assert all(line == line.rstrip() for line in lines)
    assert "\n\n\n" not in text
    assert not text.endswith("\n\n")
    assert not re.search(r"^[^#\n]*\{\n\n|\n\n *\}", text, re.MULTILINE)


@EXAMPLES
@given(SEEDS, st.integers(0, 4))
def test_of_any_text_only_the_layout_changes(seed: int, depth: int):
    assert_only_layout_changes(random_text(Random(seed), depth))


@EXAMPLES
@given(SEEDS)
def test_of_mutated_specs_only_the_layout_changes_and_broken_ones_are_refused(seed: int):
    random = Random(seed)
    text = random.choice([*SPECS.values(), random_text(random, 2)])
    for _ in range(random.randint(1, 6)):
        text = mutated(text, random)
    try:
        tree(text)
    except Unreadable:
        with pytest.raises(Unreadable):
            formatted(text)
    else:
        assert_only_layout_changes(text)


def mutated(text: str, random: Random) -> str:
    place = random.randrange(len(text) + 1)
    blanks = [match.start() for match in re.finditer(r"\s", text)]
    if blanks and random.random() < 0.7:
        place = random.choice(blanks)
    inserted = (" ", "   ", "\t", "\n", "\n\n\n", "\r\n", " # c\n", "\n## c\n", "|", ",", "(", ")", "-", "1", "{ }", "")
    return text[:place] + random.choice(inserted) + text[place + random.choice((0, 0, 1)) :]


def test_the_random_texts_hold_every_node_and_every_terminal():
    nodes: set[type] = set()
    terminals: set[str] = set()
    for seed in range(300):
        text = random_text(Random(seed), 1 + seed % 4)
        pending: list[object] = [tree(text)]
        while pending:
            node = pending.pop()
            if isinstance(node, Record):
                nodes.add(type(node))
                pending += [value for name, value in vars(node).items() if name != "span"]
            elif isinstance(node, tuple):
                pending += node
        terminals |= {token.type for token in tokenize(Source("some.cnn", text))[0]}
    # a negative number in an expression is a Unary; Error is what no legal text has
    assert nodes == set(ast.Syntax.__subclasses__()) - {ast.Error}
    known = {*re.findall(r"\(\?P<(\w+)>", PATTERN), *KEYWORDS.values()}
    assert terminals == {name for name in known if name != "IGNORED" and not name.startswith("BAD_")}


@pytest.mark.parametrize("name", SPECS)
def test_the_shipped_specs_are_formatted(name: str):
    assert formatted(SPECS[name]) == SPECS[name]


def statements(text: str) -> str:
    return "network A {\n" + indent(dedent(text).strip("\n"), "    ") + "\n}\n"


LAYOUTS = {
    "contracts of a paragraph stand in a column, pipes where the author began to align them": (
        """
        c1: conv 6 5x5  |tanh->6x28x28
        avgpool 2x2 |tanh   ->  6x14x14
        flatten
        for i in ns {
          conv 3 3x3 -> 9
        } -> ?x7x7

        dense 84 -> 84
        """,
        """
        c1: conv 6 5x5 | tanh  -> 6x28x28
        avgpool 2x2    | tanh  -> 6x14x14
        flatten
        for i in ns {
            conv 3 3x3  -> 9
        }                      -> ?x7x7

        dense 84  -> 84
        """,
    ),
    "pipes that the author did not align stay": ("conv 16 3x3 | relu\nbn | relu", "conv 16 3x3 | relu\nbn | relu"),
    "expressions": (
        "conv (4*n-1) -1 pad=( top = 1,left=- 1 ) | f (a) [ 1 ] xs[ : i ] xs[i+1 :-2] g( 2 ** -k , not x==- 1 , )",
        "conv (4 * n - 1) -1 pad=(top=1, left=-1) | f (a) [1] xs[:i] xs[i + 1:-2] g(2**-k, not x == -1)",
    ),
    "parentheses that only group stay, but around a whole expression they go": (
        "let n = ((a+b))\nlet m = [(2*a)+b, (c), (1,)]\nrepeat (n-1) {if ((a)and b){conv ((n)) (m)}}\nexpect params = (3)",
        "let n = a + b\nlet m = [(2 * a) + b, c, (1,)]\nrepeat n - 1 { if (a) and b { conv (n) (m) } }\nexpect params = 3",
    ),
    "a comprehension never looks as if it had a filter": (
        "let x = [(a if b else c) for i in (a if b else c)]",
        "let x = [a if b else c for i in (a if b else c)]",
    ),
    "cases": (
        """
        let (unit, counts) = match depth {
          18: (basic,[2, 2])
          101:(bottleneck,[3,
          4])

          -1: 3
        }
        """,
        """
        let (unit, counts) = match depth {
            18:  (basic, [2, 2])
            101: (bottleneck, [3,
                               4])

            -1: 3
        }
        """,
    ),
    "a table keeps its rows": (
        "let rows = [  # of the paper\n(1,16),# first\n\n\n(6, 24),\n  # last\n(6,192)]",
        """
        let rows = [  # of the paper
            (1, 16),  # first

            (6, 24),
            # last
            (6, 192)
        ]
        """,
    ),
    "comments between statements and what goes on from them": (
        """
        residual{conv 3|# c1
        # c2
        relu}# c3
        # c4
          shortcut when changed{}
        if a{# c5

        }
        # c6

        else{ # c7
        bn# c8
        }
        a
        # c9
        | b |
        c
        """,
        """
        residual {
            conv 3  # c1
                # c2
                | relu
        }  # c3
        # c4
        shortcut when changed {}
        if a {  # c5
        }
        # c6
        else {  # c7
            bn  # c8
        }
        a
            # c9
            | b
            | c
        """,
    ),
    "comments behind code stand in a column while they follow each other": (
        "relu # a\ndropout 0.5 #b\nbn\nrelu # c",
        "relu         # a\ndropout 0.5  #b\nbn\nrelu  # c",
    ),
    "what is too long is broken at its pipes, then in its bodies, then behind commas": (
        "branch { " + "conv channels 3x3 bias=false | " * 3 + "global_avgpool }\n"
        "seq { conv 3 | " + "conv channels 3x3 pad=1 bias=false | " * 3 + "relu }\n"
        "conv pad=(" + "(12345678, 87654321), " * 6 + "1)",
        """
        branch {
            conv channels 3x3 bias=false | conv channels 3x3 bias=false | conv channels 3x3 bias=false | global_avgpool
        }
        seq {
            conv 3
                | conv channels 3x3 pad=1 bias=false
                | conv channels 3x3 pad=1 bias=false
                | conv channels 3x3 pad=1 bias=false
                | relu
        }
        conv pad=((12345678, 87654321), (12345678, 87654321), (12345678, 87654321), (12345678, 87654321),
                  (12345678, 87654321), (12345678, 87654321), 1)
        """,
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_layout(name: str):
    written, wanted = LAYOUTS[name]
    assert formatted(statements(written)) == statements(wanted)
    assert_only_layout_changes(statements(written))


def test_a_file_begins_and_ends_neatly():
    text = (
        '\ufeff\r\n\r\nuse a,b  from "c.cnn"\r\n## doc \r\nblock  x (a=1,b){}\r\n\r\n\r\ntrain{data x|batch 4}\r\n#end'
    )
    wanted = 'use a, b from "c.cnn"\n## doc\nblock x(a = 1, b) {}\n\ntrain { data x | batch 4 }\n# end\n'.replace(
        "# e", "#e"
    )
    assert formatted(text) == wanted
    assert formatted("") == formatted(" \r\n\n") == ""


def test_alignment_gives_way_where_a_line_would_get_too_long():
    long = "conv channels 3x3 pad=1 " + "bias=false " * 7
    short, wide = "relu  | bn -> 1x2x3x4x5x6x7x8", f"{long}| bn -> 3"
    wanted = "relu | bn  -> 1x2x3x4x5x6x7x8\n" + f"{long}| bn  -> 3"
    assert formatted(statements(f"{short}\n{wide}")) == statements(wanted)


@pytest.mark.parametrize("text", ["network A {", "network A { conv(3) }", "network A { x 3..4 }", '"'])
def test_a_text_with_errors_is_refused(text: str):
    with pytest.raises(DiagnosticError):
        formatted(text)


@pytest.mark.parametrize(
    "value", ["1" + "+1" * 5_000, "2" + "**2" * 5_000, "(" * 60 + "1" + ")" * 60, "-" * 5_000 + "x"]
)
def test_long_chains_and_deep_brackets_need_no_stack(value: str):
    after = formatted(f"network A {{ let n = {value} }}")
    assert re.sub(r"[\s()]", "", after) == re.sub(r"[\s()]", "", f"network A {{ let n = {value} }}")
    assert formatted(after) == after


def test_a_text_that_indentation_makes_too_large_is_refused():
    text = "network A " + "{ a " * 60 + "{ " + "relu | " * 20_000 + "relu }" + "}" * 60
    with pytest.raises(DiagnosticError) as caught:
        formatted(text)
    assert [item.kind.code for item in caught.value.diagnostics] == ["E0901"]


def test_5000_lines_take_less_than_two_seconds():
    body = "    c1: conv 6 5x5  | tanh -> 6x28x28\n    flatten\n    branch { conv n 1x1 | bn }  # why\n\n"
    text = "network A {\n" + body * 1250 + "}\n"
    start = time.process_time()
    after = formatted(text)
    assert time.process_time() - start < 2
    assert after.count("\n") == text.count("\n") - 1 >= 5000
