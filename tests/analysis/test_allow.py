"""Comments that allow a warning: where they stand, what they silence, and what is wrong with them."""

from __future__ import annotations

import re

import pytest

from cnndsl.analysis.lints import LINTS
from cnndsl.analysis.lints.lint import CommentLint
from cnndsl.api import check_source, check_text
from cnndsl.diagnostics import Diagnostic
from cnndsl.formatting import format_source
from cnndsl.source import Source

from ..diagnostics.cases import CASES
from .test_lints import codes, failing, network

WARNED = {
    str(case): case.spec
    for case in CASES
    if all(re.fullmatch(r"W05(0\d|1[0-2])", code) for code, _, _ in case.mistakes)
} | {code: failing(lint) for code, lint in LINTS.items() if not isinstance(lint, CommentLint)}


def warnings(text: str) -> list[tuple[str, str]]:
    return [(item.kind.code, item.message) for item in check(text)]


def check(text: str) -> tuple[Diagnostic, ...]:
    return check_source(Source("spec.cnn", text)).diagnostics


def behind(text: str, item: Diagnostic) -> str:
    """The text with a comment at the end of the line that a warning points to."""
    lines = text.split("\n")
    number = item.primary.span.position[0] - 1
    lines[number] += f"  # allow {item.kind.code}: a good reason"
    return "\n".join(lines)


def above(text: str, item: Diagnostic) -> str:
    """The text with a comment alone above that line."""
    lines = text.split("\n")
    number = item.primary.span.position[0] - 1
    lines.insert(number, f"    # allow {item.kind.code}: a good reason")
    return "\n".join(lines)


@pytest.mark.parametrize("place", [behind, above])
@pytest.mark.parametrize("text", WARNED.values(), ids=WARNED)
def test_a_comment_silences_exactly_its_warning(text: str, place) -> None:
    before = check(text)
    for item in before:
        allowed = place(text, item)
        assert warnings(allowed) == [(other.kind.code, other.message) for other in before if other is not item]
        formatted = format_source(Source("spec.cnn", allowed))
        assert [code for code, _ in warnings(formatted)] == [code for code, _ in warnings(allowed)]
        assert formatted.count("# allow") == allowed.count("# allow")


LAYER = "conv 8 3x3 stride=2"


@pytest.mark.parametrize(
    "body",
    [
        f"{LAYER}  # allow W0502: few rows",
        f"{LAYER}  # allow W0502:few rows",
        f"{LAYER}  #allow w0502 : few rows",
        f"{LAYER}\t# Allow W0502: few rows: two",
        f"# allow W0502: few rows\n{LAYER}",
        f"# allow W0502: few rows\n# and a note\n\n{LAYER}",
        f"relu\n# allow W0502: few rows\n| {LAYER}",
        f"{LAYER}\n| relu  # allow W0502: few rows",
        f"# allow W0502: few rows\nrelu\n| {LAYER}\n| relu",
        f"{LAYER} | bn  # allow W0503, W0502: both as published",
        f"# allow W0503: as published\n{LAYER} | bn  # allow W0502: few rows",
        f"# allow W0503: as published\n# allow W0502: few rows\n{LAYER} | bn",
    ],
)
def test_where_it_may_stand(body: str) -> None:
    assert codes(network(body)) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"{LAYER}\n# allow W0502: few rows", ["W0502", "W0515"]),
        (f"# allow W0502: few rows\nrelu\n{LAYER}", ["W0515", "W0502"]),
        (f"relu  # allow W0502: few rows\n{LAYER}", ["W0515", "W0502"]),
        (f"{LAYER}  # allow W0502", ["W0513"]),
        (f"{LAYER}  # allow W0502:", ["W0513"]),
        (f"{LAYER}  # allow W0502 few rows", ["W0513"]),
        (f"{LAYER}  # allow W0503: another", ["W0502", "W0515"]),
        (f"{LAYER}  # allow W9999: none such", ["W0502", "W0514"]),
        (f"{LAYER}  # allow W0502, E0301: an error", ["W0514"]),
        (f"{LAYER}  # allow W0502, W0515: not this", ["W0514"]),
        (f"{LAYER}  # allow W0502, W0502: twice", []),
        (f"{LAYER}  ## allow W0502: a comment for readers", ["W0502"]),
        (f"{LAYER}  # we allow W0502: no", ["W0502"]),
    ],
)
def test_what_is_wrong_with_it(body: str, expected: list[str]) -> None:
    assert codes(network(body)) == expected


def test_a_comment_where_nothing_was_built_may_be_needed_elsewhere() -> None:
    text = network(f"if wide {{\n{LAYER}  # allow W0502: few rows\n}}\nrelu", parameters="(wide = false)")
    assert codes(text) == []
    assert [item.kind.code for item in check_text(text, settings={"wide": True}).diagnostics] == []


def test_at_other_settings_it_is_not_known_what_a_comment_allows() -> None:
    text = network(f"{LAYER}  # allow W0502: few rows", "(3, side, side)", parameters="(side = 32)")
    assert codes(text) == []
    assert [item.kind.code for item in check_text(text, settings={"side": 33}).diagnostics] == []


def test_long_lines_that_the_formatter_breaks_stay_allowed() -> None:
    chain = " | ".join(["conv 8 3x3 stride=2 pad=(top=0, bottom=0, left=0, right=0)"] + ["leaky_relu"] * 9)
    text = network(f"{chain}  # allow W0502: few rows")
    formatted = format_source(Source("spec.cnn", text))
    assert formatted.count("\n") > text.count("\n")
    assert codes(text) == codes(formatted) == []
