"""Samples and misuses of operators as whole specs."""

from __future__ import annotations

from typing import Any

from cnndsl.ops import OPERATORS, Misuse, Operator, Sample, format_shape

JOINED = ("add", "mul", "concat", "split")
"""Operators with several inputs or outputs, whose samples are several lines and make several layers."""

SAMPLES = [(name, sample) for name, operator in OPERATORS.items() if name not in JOINED for sample in operator.samples]
JOINED_SAMPLES = [(name, sample) for name in JOINED for sample in OPERATORS[name].samples]
MISUSES = [(name, misuse) for name, operator in OPERATORS.items() for misuse in operator.misuses]


def check_use(use: Sample | Misuse) -> Any:
    """What the checker makes of a network that is this one line."""
    from cnndsl.api import check_text

    of = "" if use.dtype == "float" else f" of={use.dtype}"
    return check_text(f"network Sample {{\n    input {format_shape(use.shape)}{of}\n    {use.text}\n}}\n")


def sample_operator(use: Sample) -> Operator:
    """The operator that a sample means, resolved for its shape."""
    return check_use(use).graph.nodes[0].operator
