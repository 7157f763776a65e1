"""Every operator says all that the documents, the backends and the tests need of it."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules

import pytest

from cnndsl import ops
from cnndsl.api import check_text
from cnndsl.backends.numpy.kernels import registered
from cnndsl.ops import OPERATORS, Operator, Sample, format_shape
from cnndsl.recipe import DATASETS, LOSSES, OPTIMIZERS, SCHEDULES

# Their inputs are several values, or their outputs are: no single line uses them.
_STRUCTURES = ("add", "mul", "concat", "split")
ALONE = {name: item for name, item in OPERATORS.items() if name not in _STRUCTURES}
DECLARED = [item for group in (OPERATORS, DATASETS, LOSSES, OPTIMIZERS, SCHEDULES) for item in group.values()]


@pytest.mark.parametrize("declared", DECLARED, ids=lambda item: f"{item.__module__}.{item.name}")
def test_it_is_documented(declared) -> None:
    assert declared.__doc__, "the docstring is its reference"
    assert declared.summary().endswith((".", ")"))
    for name, info in declared.attributes().items():
        assert re.fullmatch(r"[a-z][a-z_]*", name)
        assert len(info.doc) >= 5, name
        assert not info.doc.endswith("."), name
        assert info.type.description, name


@pytest.mark.parametrize("name", OPERATORS)
def test_it_goes_by_its_word_and_has_a_numpy_kernel(name: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9_]*", name)
    assert OPERATORS[name].name == name
    assert OPERATORS[name] in registered()
    assert set(OPERATORS[name].positional) <= set(OPERATORS[name].attributes())
    assert OPERATORS[name].samples, "at least one good use, which the conformance tests run on every backend"


@pytest.mark.parametrize("name", ALONE)
def test_it_shows_good_uses_and_bad_ones(name: str) -> None:
    operator = ALONE[name]
    assert operator.misuses, "at least one bad use with the code that it must cause"
    assert all(use.text.split()[0] == name for use in operator.samples)
    covered = {key for sample in operator.samples for key in _given(operator, sample)}
    assert set(operator.attributes()) - covered == set(), "each attribute is used in a sample"


@pytest.mark.parametrize(
    "name", [name for name, item in ALONE.items() if any(x.required for x in item.attributes().values())]
)
def test_what_is_required_is_asked_for(name: str) -> None:
    shape = ALONE[name].samples[0].shape
    found = check_text(f"network Sample {{\n    input {format_shape(shape)}\n    {name}\n}}\n").diagnostics
    required = [key for key, info in ALONE[name].attributes().items() if info.required]
    assert [item.kind.code for item in found] == ["E0203"]
    assert all(f"`{key}`" in found[0].message for key in required)


def _given(operator: type[Operator], sample: Sample) -> set[str]:
    """The attributes that a line gives, by place or by name."""
    words = re.sub(r"\([^)]*\)", lambda found: found[0].replace(" ", ""), sample.text).split()[1:]
    named = {operator.find_attribute(word.split("=")[0]) or "" for word in words if "=" in word}
    return named | set(operator.positional[: sum("=" not in word for word in words)])


def test_every_operator_is_listed() -> None:
    modules = [import_module(f"cnndsl.ops.{module.name}") for module in iter_modules(ops.__path__)]
    found = {
        (item.name, item)
        for module in modules
        for item in vars(module).values()
        if isinstance(item, type) and issubclass(item, Operator) and vars(item).get("name")
    }
    assert found == set(OPERATORS.items())
