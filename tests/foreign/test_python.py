"""Statements of Python: what flows through them, their labels, their lines and comments, and what ends quickly."""

from __future__ import annotations

from random import Random
from time import process_time

import pytest

from cnndsl.api import check_source
from cnndsl.diagnostics.fixing import Fixed, apply_edits, apply_fixes
from cnndsl.explain.foreign.python import PythonReader
from cnndsl.source import MAX_SOURCE, Source, Span

from .lines import pasted, read
from .spellings import REFUSED, SAME, WRITTEN_OUT


def last(*lines: str) -> tuple[str, bool]:
    """What becomes of the last of some statements, and whether it is certain."""
    made, text = pasted(lines[-1], *lines[:-1])
    assert made is not None
    return text, made.certain


FLOW = {
    ("x = F.relu(x)",): ("relu", True),
    ("F.relu(x)",): ("relu", True),
    ("y = F.relu(x)",): ("relu", True),
    ("x = conv 8 3x3", "x = F.relu(x)"): ("relu", True),
    ("feat = layers.Conv2D(8, 3)(x)", "F.relu(feat)"): ("relu", True),
    ("a = layers.Conv2D(8, 3)(x)", "b = layers.Conv2D(8, 3)(x)"): ("b: conv 8 3x3", False),
    ("a = layers.Conv2D(8, 3)(x)", "relu", "c = layers.Conv2D(8, 3)(a)"): ("from a | c: conv 8 3x3", True),
    ("skip: relu", "tanh", "x = torch.cat([skip, x], dim=1)", "F.relu(x)"): ("relu", True),
    ("self.conv1 = nn.Conv2d(3, 8, 3)", "x = F.relu(x)"): ("relu", True),
}


@pytest.mark.parametrize(("lines", "wanted"), FLOW.items(), ids=["; ".join(lines) for lines in FLOW])
def test_a_name_is_what_flows_or_a_label_or_neither(lines: tuple[str, ...], wanted: tuple[str, bool]) -> None:
    assert last(*lines) == wanted


LABELS = {
    "self.conv1 = nn.Conv2d(3, 8, 3)": "conv1: conv 8 3x3",
    "self.stem = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())": "stem: seq { conv 8 3x3 | relu }",
    "c1: nn.Conv2d(3, 8, 3)": "c1: conv 8 3x3",
    '"conv{i + 1}": nn.Conv2d(3, 8, 3)': '"conv{i + 1}": conv 8 3x3',
    "x = layers.Conv2D(8, 3, name='stem')(x)": "stem: conv 8 3x3",
    "layers.Conv2D(8, 3, activation='relu', name='stem')": "stem: conv 8 3x3 | relu",
    "self.use = nn.Conv2d(3, 8, 3)": '"use": conv 8 3x3',
    "x = nn.Conv2d(3, 8, 3)(x)": "conv 8 3x3",
    "layers.append(nn.ReLU())": "relu",
}


@pytest.mark.parametrize(("line", "wanted"), LABELS.items(), ids=LABELS)
def test_names_become_labels(line: str, wanted: str) -> None:
    assert last(line) == (wanted, True)


def test_a_name_that_is_used_again_is_that_of_the_last_layer() -> None:
    text = "network N {\n    input 3x8x8\n    a = layers.Conv2D(8, 3, activation='relu')(x)\n    concat a\n}\n"
    made = _all(text, "a = ")
    assert "a = " not in made
    assert "    conv 8 3x3 | a: relu\n    concat a\n" in made


def test_a_layer_keeps_its_name_and_gets_that_of_its_value() -> None:
    text = "network N {\n    input 3x8x8\n    a = layers.Conv2D(8, 3, name='b')(x)\n    concat a\n}\n"
    assert "    a: b: conv 8 3x3\n    concat a\n" in _all(text, "a = ")


LAYOUTS = {
    "keras.Sequential([\n        layers.Conv2D(8, 3),\n        layers.Flatten()\n    ])": (
        "seq {\n        conv 8 3x3\n        flatten\n    }"
    ),
    "nn.Sequential(nn.Sequential(nn.ReLU()), nn.Tanh())": "seq { seq { relu } | tanh }",
    "nn.Sequential(\r\n        nn.ReLU(),\r\n    )": "seq {\r\n        relu\r\n    }",
    "nn.Conv2d(\n        3, 64,\n        kernel_size=3,\n    )": "conv 64 3x3",
    "nn.ReLU() # why": "relu # why",
    "nn.Conv2d(3, 8, 3)   ->   8x62x62  # there": "conv 8 3x3   ->   8x62x62  # there",
    "nn.Conv2d(3, 8, 3x3)": "conv 8 3x3",
    "nn.Conv2d(3, (2 * width), k)": "conv (2 * width) k",
    "nn.Conv2d(3, 64 if wide else 32, 3)": "conv (64 if wide else 32) 3x3",
    "nn.Conv2d(3, widths[0], (k, 1))": "conv (widths[0]) (k, 1)",
    "nn.Linear(400, max(a, 8))": "nn.Linear(400, max(a, 8))",
    "unit(64, stride=2)": "unit 64 stride=2",
}


@pytest.mark.parametrize(("line", "wanted"), LAYOUTS.items(), ids=LAYOUTS)
def test_lines_and_comments_stay(line: str, wanted: str) -> None:
    assert pasted(line)[1] == wanted


UNCERTAIN = {
    "nn.Conv2d(3, 8,  # why\n        3)": "a comment inside of the call",
    "nn.Sequential(block, nn.ReLU())": "each layer of a `seq { ... }` is a call",
    "nn.Sequential()": "`seq { ... }`",
    "nn.Conv2d(3, 8, 3)(x + y[0])": "goes on the line before",
    "layers.Conv2D(8, 3, name='a b/c')": "is not a label",
    "layers.Dense(10, name='größe')": "is not a label",
}


@pytest.mark.parametrize(("line", "words"), UNCERTAIN.items(), ids=UNCERTAIN)
def test_what_would_be_lost_is_said(line: str, words: str) -> None:
    made, _ = pasted(line)
    assert made is not None
    assert not made.certain
    assert words in " ".join(made.reasons)


@pytest.mark.parametrize(
    "line",
    ["x", "x = 3", "return x", "conv 64 3x3", "let n = (3)", "x = y", "def f(x): return x", "(", "x[0] = relu()"],
)
def test_what_makes_no_value_is_not_read(line: str) -> None:
    assert pasted(line)[0] is None


def fixed(text: str) -> Fixed:
    """A spec with all fixes that are certain, and what they leave."""
    return apply_fixes(Source("net.cnn", text), lambda source: check_source(source).diagnostics)


JOINED = "network N {{\n    input 3x8x8\n    skip: relu\n    tanh\n    {}\n}}\n"
JOINS = {
    "x = torch.cat([x, skip], 1)": "concat skip",
    "x = torch.cat([x, skip], dim=1)": "concat skip",
    "x = skip + x": "add skip",
    "x = x * skip": "mul skip",
    "x += skip": "add skip",
    "x = torch.add(x, skip)": "add skip",
    "x = layers.add([x, skip])": "add skip",
    "x = Concatenate()([x, skip])": "concat skip",
}


@pytest.mark.parametrize(("line", "wanted"), JOINS.items(), ids=JOINS)
def test_a_join_takes_the_label_of_the_other_value(line: str, wanted: str) -> None:
    assert fixed(JOINED.format(line)).source.text == JOINED.format(wanted)


NO_JOINS = (
    "x = torch.cat([skip, x], 1)",
    "x = torch.cat([x, skip], dim=2)",
    "x = torch.add(x, skip, alpha=2)",
    "x = x + self.conv(x)",
    "x = x + x",
)


@pytest.mark.parametrize("line", NO_JOINS)
def test_what_joins_otherwise_is_left(line: str) -> None:
    result = fixed(JOINED.format(line))
    assert result.source.text == JOINED.format(line)
    assert result.left


INPUTS = {
    "inputs = keras.Input(shape=(28, 28, 1))": "input 1x28x28",
    "inputs = keras.Input(shape=(784,))": "input 784",
}


@pytest.mark.parametrize(("line", "wanted"), INPUTS.items(), ids=INPUTS)
def test_an_input_has_its_channels_first(line: str, wanted: str) -> None:
    text = "network N {{\n    {}\n    relu\n}}\n"
    assert fixed(text.format(line)).source.text == text.format(wanted)


def _all(text: str, *begins: str) -> str:
    """A text with every line that begins with one of these put into our words."""
    source = Source("net.cnn", text)
    reader, edits, start = PythonReader(source), [], 0
    for line in text.splitlines(keepends=True):
        span = Span(source, start, start + len(line.rstrip()))
        made = read(reader, span) if line.strip().startswith(begins) else None
        edits += made.edits if made is not None and made.certain else ()
        start += len(line)
    return apply_edits(text, edits)


def test_a_network_of_keras_as_a_whole() -> None:
    text = """\
network Net {
    input 1x28x28
    x = layers.Conv2D(32, 3, activation='relu')(inputs)
    x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    outputs = layers.Dense(10, activation='softmax')(x)
}
"""
    assert _all(text, "x", "outputs").split("\n")[1:6] == [
        "    input 1x28x28",
        "    conv 32 3x3 | relu",
        "    maxpool 2x2",
        "    flatten",
        "    dense 10 | softmax",
    ]


LINES = [line for table in (SAME, WRITTEN_OUT, REFUSED) for lines in table.values() for line in lines]


@pytest.mark.parametrize("seed", range(4))
def test_any_text_comes_to_an_end(seed: int) -> None:
    random = Random(seed)
    for _ in range(500):
        characters = list("\n".join(random.choice(LINES) for _ in range(random.randint(1, 3))))
        for _ in range(random.randint(0, 6)):
            place = random.randrange(len(characters))
            characters[place] = random.choice("()[]{},;'\"#=|\n x\\\0é")
        source = Source("any.cnn", "".join(characters))
        PythonReader(source).translate(Span(source, 0, len(source.text)))


HOSTILE = [
    "nn.ReLU(",
    "F.relu(",
    "x + ",
    "(x, ",
    "a.",
    "-",
    "x = nn.Conv2d(3, 64, 3)(x)\n",
    "nn.Sequential(nn.ReLU(), ",
]


@pytest.mark.parametrize("piece", HOSTILE)
def test_many_of_them_take_no_long_time(piece: str) -> None:
    source = Source("many.cnn", piece * (MAX_SOURCE // len(piece) - 10) + "x" + ")" * 100)
    reader = PythonReader(source)
    began = process_time()
    for start in range(0, 20_000, 500):
        reader.translate(Span(source, start, min(len(source.text), start + 9_000)))
    assert process_time() - began < 5
