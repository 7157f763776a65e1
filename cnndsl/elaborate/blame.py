"""A parameter whose value is of the wrong sort: the mistake is where the value is written, however many layers it spoils.

``network Net(depth = "50")`` is one mistake at the default, and ``unit "64"`` is one at the call, although the value is
found wrong wherever the body of the network or block uses it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ..attributes import format_value
from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..ir import Block
from ..record import Record
from ..syntax import ast
from .expressions import EvaluationError, evaluate_argument
from .meant_values import meant_truth

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["Cause", "cause"]

_WORD = re.compile(r"[A-Za-z_]\w*")
_LET = re.compile(r"\blet\s+(\([^)]*\)|\w+)\s*=\s*([^\n#]*)")
_NUMERIC = re.compile(r"-?[0-9]+(\.[0-9]+)?")


class Cause(Record):
    """What is said of a parameter, and a key that is the same wherever its value is found wrong."""

    key: tuple[int, str]
    diagnostic: Diagnostic


class _Frame(Record):
    """A network or a block as it is called, the block around it, and the arguments by the names of their parameters."""

    definition: ast.Definition
    around: Block | None
    given: dict[str, ast.Argument]
    call: object


def cause(network: NetworkElaborator, found: Diagnostic) -> Cause | None:
    """The parameter to blame for what was found wrong in a body; None if the mistake is where it was found."""
    if network.place is None or found.primary is None:
        return None
    frame = _frame(network, network.place.block)
    if found.kind is names.UNKNOWN_NAME:
        return _misspelt_parameter(frame, found)
    used = _uses(frame.definition, set(_WORD.findall(found.primary.span.text)))
    for parameter in frame.definition.parameters:
        name = parameter.name.text
        value = network.place.variables.get(name)
        if name in used and ((id(frame.call), name) in network.blamed or _is_odd(frame.definition, name, value, found)):
            return _at(network, frame, parameter, value, found)
    return None


def _misspelt_parameter(frame: _Frame, found: Diagnostic) -> Cause | None:
    """``block unit(chanels)`` whose body says `channels` throughout: the slip is where the parameter is declared."""
    assert found.primary is not None
    used = found.primary.span.text
    meant = found.fixes[0].edits[0].replacement if found.fixes else ""
    declared = [each.name for each in frame.definition.parameters if each.name.text == meant]
    body = frame.definition.body.span.text
    if not declared or re.search(rf"\b{re.escape(meant)}\b", body) or len(re.findall(rf"\b{used}\b", body)) == 1:
        return None
    once = len(re.findall(rf"\b{re.escape(meant)}\b", declared[0].span.source.text)) == 1
    fix = Fix(f"call the parameter `{used}`", (Edit(declared[0].span, used),), once)
    help_ = f"did you mean `{meant}`? nothing uses it by that name: rename the parameter"
    place = Label(found.primary.span)
    label = Label(declared[0].span, "this parameter is never used")
    return Cause(
        (id(frame.definition), meant), found.replace(primary=place, secondary=(label,), help=(help_,), fixes=(fix,))
    )


def _frame(network: NetworkElaborator, block: Block | None) -> _Frame:
    """The innermost call around a place."""
    while block is not None and block not in network.uses:
        block = block.parent
    if block is None:
        return _Frame(network.network, None, {}, network.network)
    action, reference = network.uses[block]
    places = iter(reference.definition.parameters)
    given = {argument.name.text if argument.name else next(places).name.text: argument for argument in action.arguments}
    return _Frame(reference.definition, block.parent, given, action)


def _uses(definition: ast.Definition, words: set[str]) -> set[str]:
    """The words, and those from which ``let`` makes the variables among them."""
    lets = _LET.findall(definition.body.span.text)
    found, left = set(words), list(words)
    while left:
        word = left.pop()
        for pattern, value in lets:
            if word in _WORD.findall(pattern):
                new = set(_WORD.findall(value)) - found
                found |= new
                left += new
    return found


def _is_odd(definition: ast.Definition, name: str, value: Any, found: Diagnostic) -> bool:
    """Whether a value is of a sort that the body can do nothing with, so that it is wrong and not one use of it."""
    body = definition.body.span.text
    if found.message.startswith("no case for "):
        return found.help[0].startswith("did you mean")
    if "expected a list" in found.message:
        return not isinstance(value, list | tuple | None) and len(re.findall(rf"\b{name}\b", body)) == 1
    if isinstance(value, int) and not isinstance(value, bool):
        return value in (0, 1) if _needs_truth(found) else value < 0 and definition.keyword == "network"
    if type(value) is str:
        return not re.search(rf"\bmatch\s+{name}\b|\b{name}\s*[!=]=|[!=]=\s*{name}\b", body)
    if isinstance(value, list | tuple):
        return not re.search(rf"\b{name}\[|\bin\s+{name}\b|\(\s*{name}\s*\)", body)
    if isinstance(value, bool):
        return not re.search(rf"\b(?:if|and|or)\s+{name}\s*(?:\{{|else|and|or)|\bnot\s+{name}\b|\w={name}\b", body)
    if isinstance(value, float):
        return value.is_integer() and value > 1  # a factor of 1.0 is right, and rounding is missing where it is used
    return False


def _needs_truth(found: Diagnostic) -> bool:
    """Whether the value is used as true or false."""
    label = found.primary.text if found.primary is not None else ""
    return label == "must be true or false" or "expected true or false" in found.message


def _at(
    network: NetworkElaborator, frame: _Frame, parameter: ast.Parameter, value: Any, found: Diagnostic
) -> Cause | None:
    """The diagnostic where the value is written: at a call, at the call around it, or at a default."""
    name = parameter.name.text
    argument = frame.given.get(name)
    if argument is None:
        return _of_default(frame, parameter, value, found)
    if isinstance(argument.value, ast.Variable):
        outer = _frame(network, frame.around)
        passed = next((each for each in outer.definition.parameters if each.name.text == argument.value.name), None)
        return _at(network, outer, passed, value, found) if passed is not None else None
    if _WORD.search(argument.value.span.text.replace("true", "").replace("false", "")) and type(value) is not str:
        return None  # it is computed there
    return _said(frame, name, value, argument.value, found)


def _of_default(frame: _Frame, parameter: ast.Parameter, value: Any, found: Diagnostic) -> Cause | None:
    if parameter.default is None:
        return None
    try:
        same = evaluate_argument(parameter.default, {}) == value
    except EvaluationError:
        return None
    return _said(frame, parameter.name.text, value, parameter.default, found) if same else None


def _said(frame: _Frame, name: str, value: Any, written: ast.Expression, found: Diagnostic) -> Cause:
    assert found.primary is not None
    keyword = frame.definition.keyword
    message = f"`{name}` of the {keyword} `{frame.definition.name.text}` cannot be {format_value(value)}"
    use = Label(found.primary.span, found.primary.text or found.message)
    help_, text, certain = _meant(value, found)
    edits = (Edit(written.span, text),)
    return Cause(
        (id(frame.call), name),
        Diagnostic(
            found.kind if found.kind is names.OUT_OF_RANGE else names.WRONG_VALUE,
            message,
            Label(written.span),
            (use,) if use.span != written.span else (),
            help=(help_,) if help_ else (),
            fixes=(Fix(f"write `{text}`", edits, certain),) if text else (),
        ),
    )


def _meant(value: Any, found: Diagnostic) -> tuple[str, str, bool]:
    """The help, the text to write (empty if nobody can tell), and whether that is certain."""
    if found.message.startswith("no case for "):
        meant = re.fullmatch(r"did you mean (.*)\?", found.help[0])
        return found.help[0], meant[1] if meant else "", True
    if _needs_truth(found):
        truth = meant_truth(str(value))
        return (f"write `{truth}`", truth, True) if truth else ("write `true` or `false`", "", False)
    if "expected a list" in found.message:
        inner = value if type(value) is str else format_value(value)
        plain = re.fullmatch(r"[0-9x., ]+", inner)
        return ("a list stands in brackets, as in `[6, 12]`", f"[{inner}]" if plain else "", False)
    if found.kind is names.UNKNOWN_LAYER and type(value) is str and value.isidentifier():
        return f"the name of a layer stands without quotes: `{value}`", value, True
    if type(value) is str and _NUMERIC.fullmatch(value.strip()):
        return f"a number stands without quotes: `{value.strip()}`", value.strip(), True
    if isinstance(value, list | tuple) and len(value) == 1:
        return f"it is one number: `{format_value(value[0])}`", format_value(value[0]), False
    if isinstance(value, float):
        return f"a whole number has no point: `{int(value)}`", str(int(value)), True
    return "", "", False
