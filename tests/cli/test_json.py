"""Every JSON document says what it is, and what a command refuses is JSON too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cnndsl.cli.main import COMMANDS, main, make_parser

MODEL = Path(__file__).parent.parent / "importing" / "models" / "lenet5.py"
KINDS = {
    "diagnostics": "check zoo:lenet5",
    "summary": "summary zoo:lenet5",
    "diff": "diff zoo:lenet5 zoo:lenet5",
    "sizes": "solve zoo:lenet5",
    "layer-sizes": "solve zoo:alexnet --layer features.0 --output 56",
    "layer-shape": "explain-shape zoo:lenet5 c3",
    "receptive-field": "explain-shape zoo:lenet5 c3 --receptive-field",
    "code": "explain E0301",
    "codes": "explain --list",
    "layers": "layers conv",
    "zoo": "zoo",
    "import": f"import {MODEL}",
    "plan": "compile zoo:lenet5 --to numpy",
}
TRAINED = {"train", "eval", "predict", "bench"}
"""Their documents are seen by the tests of training."""


@pytest.mark.parametrize(("kind", "command"), KINDS.items())
def test_a_document_says_what_it_is(kind: str, command: str, capsys) -> None:
    main([*command.split(), "--format", "json"])
    data = json.loads(capsys.readouterr().out)
    assert list(data)[:2] == ["schema", "kind"]
    assert (data["schema"], data["kind"]) == (1, kind)


def test_every_command_with_json_is_here() -> None:
    with_json = {name for name in COMMANDS if "json" in make_parser(name).format_usage()}
    assert with_json - TRAINED - {"diagram"} == {command.split()[0] for command in KINDS.values()}


@pytest.mark.parametrize(
    "command",
    [
        "summary zoo:nothing",
        "diff zoo:lenet5 zoo:nothing",
        "solve zoo:nothing",
        "import nowhere.py",
        "explain-shape zoo:lenet5 c9",
        "train zoo:nothing",
        "eval zoo:nothing --checkpoint nowhere",
        "predict zoo:nothing --checkpoint nowhere x.png",
    ],
)
def test_errors_are_json_where_json_is_asked_for(command: str, capsys) -> None:
    assert main([*command.split(), "--format", "json"]) == 1
    printed = capsys.readouterr()
    assert printed.err == ""
    data = json.loads(printed.out)
    assert data["kind"] == "diagnostics"
    assert [item["severity"] for item in data["diagnostics"]] == ["error"]
