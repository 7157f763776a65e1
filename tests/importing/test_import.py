"""What an import says of what it could not take, and the forms of models that it reads."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from cnndsl.cli.main import main
from cnndsl.importing import Imported, import_source
from cnndsl.source import Source

HEAD = "import torch\nimport torch.nn as nn\nimport torch.nn.functional as F\n"


def imported(text: str, shape: tuple[int, ...] | None = (3, 32, 32), name: str = "model.py") -> Imported:
    return import_source(Source(name, text), shape)


def net(forward: str, init: str = "self.conv = nn.Conv2d(3, 8, 3)") -> str:
    """A program with one class; both texts are lines with a semicolon between."""
    built, run = ("\n        ".join(text.split("; ")) for text in (init, forward))
    return (
        f"{HEAD}class Net(nn.Module):\n    def __init__(self):\n        super().__init__()\n        {built}\n"
        f"    def forward(self, x):\n        {run}\n"
    )


def said(found: Imported) -> list[tuple[str, int]]:
    """The codes and lines of what was said."""
    return [(item.kind.code, item.primary.span.position[0] if item.primary else 0) for item in found.diagnostics]


def body(found: Imported) -> list[str]:
    """The lines of the spec after its input, without contracts."""
    lines = [line.strip().partition(" -> ")[0].strip() for line in found.text.splitlines()]
    return [line for line in lines[2:-1] if line and not line.startswith("expect")]


@pytest.mark.parametrize(
    ("forward", "code"),
    [
        ("x = self.conv(x); x = x * 0.5; return x", "E0602"),
        ("x = self.conv(x); x = torch.einsum('bchw->bc', x); return x", "E0602"),
        ("x = self.conv(x); x = x[:, :4]; return x", "E0602"),
        ("x = self.conv(x); x = nn.LSTM(3, 4)(x); return x", "E0602"),
        ("x = self.conv(x); x = F.softmax(x, dim=0); return x", "W0601"),
        ("x = self.conv(x); x = x.cumsum(1); return x", "E0602"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_line(forward: str, code: str) -> None:
    assert said(imported(net(forward))) == [(code, 10)]


def test_every_line_that_cannot_be_taken_is_said() -> None:
    found = imported(net("x = self.conv(x); x = x * 2; x = F.relu(x); x = x.cumsum(1); return x"))
    assert said(found) == [("E0602", 10), ("E0602", 12)]
    assert [line for line in body(found) if line.startswith("#")] == [
        "# not imported, line 10: x * 2",
        "# not imported, line 12: x.cumsum(1)",
    ]


def test_a_layer_that_takes_another_size_is_an_error_at_its_line() -> None:
    found = imported(
        net(
            "x = self.conv(x); return self.fc(x.flatten(1))",
            "self.conv = nn.Conv2d(3, 8, 3); self.fc = nn.Linear(99, 10)",
        )
    )
    assert said(found) == [("E0604", 8)]
    assert found.diagnostics[0].message == "this `Linear` takes 99, and is given 7,200"


def test_weights_that_are_shared_are_an_error() -> None:
    found = imported(net("x = self.conv(x); return self.conv(x)", "self.conv = nn.Conv2d(3, 3, 3)"))
    assert [code for code, _ in said(found)] == ["E0602"]


def test_a_layer_that_never_runs_is_said() -> None:
    found = imported(net("return self.conv(x)", "self.conv = nn.Conv2d(3, 8, 3); self.fc = nn.Linear(8, 10)"))
    assert said(found) == [("W0601", 8)]
    assert not found.has_errors


def test_sizes_that_fit_are_told_where_the_file_says_none() -> None:
    text = net(
        "return self.fc(self.conv(x).flatten(1))", "self.conv = nn.Conv2d(3, 8, 3); self.fc = nn.Linear(7200, 10)"
    )
    found = imported(text, None)
    assert said(found) == [("E0603", 0)]
    assert found.diagnostics[0].help[0] == "add `--input 3x32x32`"


def test_a_network_that_takes_any_size_keeps_it_free() -> None:
    found = imported(net("return self.conv(x).mean([2, 3])"), None)
    assert "input 3x?x?" in found.text
    assert said(found) == []


def test_a_residual_and_its_shortcut_are_written_as_such() -> None:
    init = "self.a = nn.Conv2d(3, 8, 3, padding=1); self.b = nn.Conv2d(3, 8, 1)"
    found = imported(net("return F.relu(self.a(x) + self.b(x))", init))
    assert body(found) == ["residual {", "a: conv 8 3x3 pad=1", "} shortcut { b: conv 8 1x1 }", "relu"]


def test_values_that_are_read_later_get_a_label() -> None:
    init = "self.a = nn.Conv2d(3, 8, 3, padding=1); self.b = nn.Conv2d(8, 8, 1); self.c = nn.Conv2d(16, 4, 1)"
    found = imported(
        net("skip = F.relu(self.a(x)); x = self.b(skip); x = self.c(torch.cat([x, skip], 1)); return x + x", init)
    )
    assert body(found)[:4] == [
        "a: conv 8 3x3 pad=1 | relu",
        "concat {",
        "branch { b: conv 8 1x1 }",
        "branch { identity }",
    ]


def test_a_label_is_used_where_there_are_no_branches() -> None:
    init = "self.a = nn.Conv2d(3, 8, 3); self.b = nn.Conv2d(8, 8, 1); self.c = nn.Conv2d(16, 8, 1)"
    run = "s = F.relu(self.a(x)); t = self.b(s); x = self.c(torch.cat([s, t], 1)); return torch.cat([t, x], 1)"
    found = imported(net(run, init))
    assert not found.has_errors
    assert body(found) == [
        "a: conv 8 3x3 | s: relu",
        "b: conv 8 1x1",
        "from s",
        "concat b",
        "c: conv 8 1x1",
        "from b",
        "concat c",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU(), nn.Flatten(), nn.Linear(7200, 10))",
        "model = torch.nn.Sequential(OrderedDict([('conv', nn.Conv2d(3, 8, 3)), ('flat', nn.Flatten())]))",
        "model = keras.Sequential(); model.add(layers.Conv2D(8, 3, input_shape=(32, 32, 3))); model.add(layers.Flatten())",
        "from tensorflow.keras import layers, models\nm = models.Sequential([layers.Input((32, 32, 3)), layers.Conv2D(8, 3)])",
        (
            "import tensorflow as tf\ni = tf.keras.Input((32, 32, 3))\no = tf.keras.layers.Conv2D(8, 3)(i)\n"
            "m = tf.keras.Model(i, o)"
        ),
        (
            "from keras.layers import *\nfrom keras.models import Sequential\n"
            "m = Sequential([Conv2D(8, 3, input_shape=(32, 32, 3))])"
        ),
        "def build():\n    return nn.Sequential(nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8))",
    ],
)
def test_forms_of_models(text: str) -> None:
    found = imported(text)
    assert said(found) == []
    assert "conv 8 3x3" in found.text


def test_a_module_list_gives_other_names_and_says_so() -> None:
    init = "self.convs = nn.ModuleList([nn.Conv2d(3, 3, 3, padding=1) for _ in range(3)])"
    found = imported(net("for conv in self.convs:\n            x = x + F.relu(conv(x))\n        return x", init))
    assert said(found) == [] or [code for code, _ in said(found)] == ["W0601"]
    assert not found.has_errors
    assert found.checked is not None
    assert found.checked.require_graph().parameter_count == 3 * 84


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "E0601"),
        ("x = 1", "E0601"),
        ("class Net(nn.Module:\n    pass", "E0601"),
        ("def f(:\n", "E0601"),
        ("[net]\nwidth=8\nheight=8\n", "E0601"),
        ("[convolutional]\nfilters=8\n", "E0601"),
        ("(" * 5000 + ")" * 5000, "E0601"),
        ("\0", "E0601"),
    ],
)
def test_a_text_without_a_model_is_an_error(text: str, code: str) -> None:
    found = imported(text)
    assert found.text == ""
    assert [each for each, _ in said(found)] == [code]


def test_nothing_is_run(tmp_path: Path) -> None:
    target = tmp_path / "touched"
    text = f"open({str(target)!r}, 'w')\n__import__('os').mkdir({str(target)!r})\nmodel = nn.Sequential(nn.Conv2d(3, 8, 3))"
    assert not imported(text).has_errors
    assert not target.exists()


@pytest.mark.parametrize(
    "text",
    [
        "x = [1]\nfor i in range(60):\n    x = [x, x]",
        "x = 9 ** 9 ** 9 ** 9",
        "x = 'a' * 10 ** 12",
        "x = [0] * 10 ** 12",
        "def f(x):\n    return f(x) + f(x)\nf(1)",
        "x = []\nfor i in range(10000):\n    for j in range(10000):\n        x.append(i)",
        "x = [1]\nwhile True:\n    x.extend(x)",
        "x = range(10 ** 12)\ny = list(x)",
        "x = '%1000000000d' % 1",
        "x = 1 << 10 ** 9",
    ],
)
def test_much_work_ends(text: str) -> None:
    found = imported(f"{text}\nmodel = nn.Sequential(nn.Conv2d(3, 8, 3))")
    assert found.text or found.has_errors


def test_darknet_sections_that_are_not_known_are_said() -> None:
    text = "[net]\nwidth=32\nheight=32\nchannels=3\n[convolutional]\nfilters=8\nsize=3\npad=1\n[reorg]\nstride=2\n"
    found = imported(text, None, "net.cfg")
    assert said(found) == [("E0602", 9)]


def run(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    code = main(["import", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_command_writes_a_spec(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, spec = tmp_path / "model.py", tmp_path / "net.cnn"
    model.write_text("model = nn.Sequential(nn.Conv2d(3, 8, 3))")
    code, out, err = run([str(model), "-o", str(spec), "--input", "3x8x8"], capsys)
    assert (code, out) == (0, "")
    assert err == f"wrote {spec}; Net: 3x8x8 -> 8x6x6, 224 parameters\n"
    assert main(["check", str(spec)]) == 0
    assert run([str(model), "-o", str(spec)], capsys)[0] == 1


def test_the_command_reads_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    text = io.TextIOWrapper(io.BytesIO(b"nn.Sequential(nn.Conv2d(3, 8, 3))"))
    monkeypatch.setattr("sys.stdin", text)
    code, out, _ = run(["-", "--input", "3x8x8"], capsys)
    assert code == 0
    assert "conv 8 3x3" in out


def test_the_command_gives_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "model.py"
    model.write_text(net("x = self.conv(x); return x * 2"))
    code, out, _ = run([str(model), "--format", "json", "--input", "3x8x8"], capsys)
    document = json.loads(out)
    assert code == 1
    assert document["kind"] == "import"
    assert [item["code"] for item in document["diagnostics"]] == ["E0602"]
    assert "conv 8 3x3" in document["spec"]


def test_arguments_of_the_model_are_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model = tmp_path / "model.py"
    model.write_text(
        f"{HEAD}class Net(nn.Module):\n    def __init__(self, classes):\n        super().__init__()\n"
        "        self.fc = nn.Linear(8, classes)\n    def forward(self, x):\n        return self.fc(x)\n"
    )
    assert run([str(model), "--input", "8"], capsys)[0] == 1
    code, out, _ = run([str(model), "--input", "8", "--set", "classes=3"], capsys)
    assert code == 0
    assert "dense 3" in out


FAMILY = f"""{HEAD}
class Net(nn.Module):
    def __init__(self, widths, classes=10):
        super().__init__()
        self.convs = nn.Sequential(*[nn.Conv2d(3, width, 3) for width in widths[:1]])
        self.fc = nn.Linear(widths[-1], classes)

    def forward(self, x):
        return self.fc(self.convs(x).mean((2, 3)))


def small():
    return Net([8])


def large():
    return Net([64])
"""


def test_a_function_that_knows_the_arguments_of_a_model_makes_it() -> None:
    found = imported(FAMILY)
    assert (said(found), found.text.split()[1], found.checked.graph.parameter_count) == ([], "Small", 224 + 90)
    found = import_source(Source("model.py", FAMILY), (3, 32, 32), "large")
    assert (said(found), found.text.split()[1]) == ([], "Large")
    found = import_source(Source("model.py", FAMILY.partition("def small")[0]), (3, 32, 32))
    assert ("E0602", 6) in said(found)


def test_a_spec_needs_no_import() -> None:
    (item,) = imported("network N {\n    input 1x8x8\n    flatten\n}\n", name="net.cnn").diagnostics
    assert (item.message, item.help) == (
        "`net.cnn` is a spec, and needs no import",
        ("`cnndsl check net.cnn` checks it",),
    )


@pytest.mark.parametrize(
    ("module", "model", "layers"),
    [
        ("tensorflow.keras.layers", "Sequential([Input((8, 8, 3)), Conv2D(4, 3), ReLU(6.)])", "conv 4 3x3 | relu6"),
        ("torch.nn", "Sequential(Conv2d(3, 4, 3), *[ReLU6() for _ in range(1)])", "conv 4 3x3 | relu6"),
    ],
)
def test_names_after_a_star_are_those_of_the_framework(module: str, model: str, layers: str) -> None:
    text = f"from {module} import *\nfrom helpers import *\nmodel = {model}\n"
    found = import_source(Source("net.py", text), (3, 8, 8))
    assert said(found) == []
    assert body(found) == [layers]
