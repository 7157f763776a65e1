"""What ``train`` will refuse, ``check`` has said."""

from __future__ import annotations

import pytest

from cnndsl.api import check_text
from cnndsl.diagnostics import DiagnosticError
from cnndsl.training.data import require_fit

SPEC = """network A(classes = 10) {{
    input {input}
{body}
}}

train {{
    data {data}
    optimizer adam lr=1e-3
    batch {batch}
    epochs 1
}}
"""


@pytest.mark.parametrize(
    ("input_", "body", "data", "batch", "line"),
    [
        ("3x8x8", "flatten | dense classes", "digits", 32, 2),
        ("1x30x30", "flatten | dense classes", "mnist", 32, 2),
        ("64 of=token", "embedding 20 4 | flatten | dense classes", "digits", 32, 2),
        ("1x8x8", "flatten | dense 7", "digits", 32, 3),
        ("1x8x8", "head weight=0.3 { flatten | dense 7 }\nflatten | dense classes", "digits", 32, 3),
        ("1x8x8", "flatten | dense 16 | bn | dense classes", "digits", 1, 3),
        ("1x8x8", "flatten | dense 16 | bn | dense classes", "digits", 479, 3),
    ],
)
def test_check_says_what_train_refuses(input_: str, body: str, data: str, batch: int, line: int) -> None:
    checked = check_text(SPEC.format(input=input_, body=body, data=data, batch=batch))
    (found,) = [item for item in checked.diagnostics if item.is_error]
    assert found.kind.code == "E0413"
    assert found.primary is not None
    assert found.primary.span.position[0] == line
    with pytest.raises(DiagnosticError) as refused:
        require_fit(checked.require_graph(), checked.require_recipe())
    assert refused.value.diagnostics[0].message == found.message


@pytest.mark.parametrize(
    ("input_", "body", "data", "batch"),
    [
        ("1x32x32", "flatten | dense classes", "digits", 32),
        ("1x?x?", "global_avgpool | flatten | dense classes", "digits", 32),
        ("1x8x8", "conv 4 3x3 | bn | flatten | dense classes", "digits", 1),
        ("3x64x64", "flatten | dense 1000", "imagenet", 32),
    ],
)
def test_what_fits_is_clean(input_: str, body: str, data: str, batch: int) -> None:
    checked = check_text(SPEC.format(input=input_, body=body, data=data, batch=batch))
    assert not [item for item in checked.diagnostics if item.is_error]


def test_of_data_that_nothing_reads_the_classes_alone_are_checked() -> None:
    checked = check_text(SPEC.format(input="3x64x64", body="flatten | dense 10", data="imagenet", batch=32))
    assert [item.kind.code for item in checked.diagnostics if item.is_error] == ["E0413"]
