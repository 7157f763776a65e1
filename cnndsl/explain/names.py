"""Words that nothing is called by: layers, blocks, values, variables, functions, imports, settings, quantities, shortcuts.

All are looked for in one way (:func:`cnndsl.explain.nearest.candidate`). What is not near anything may be what something was
called before that nothing uses now, may be defined out of sight, or may be something of another framework.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from .. import problems
from ..diagnostics import Diagnostic, Edit, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest, related
from ..elaborate import STRUCTURES
from ..ops import OPERATORS
from ..problems import Problem, listed, plain
from ..source import Source, Span
from ..syntax import ast
from .calls import as_read, offered_call, translated
from .context import Context
from .edits import asked, offered
from .foreign import BLOCKS, activation_meant, fold, layer_named
from .foreign.names import NOT_SHARED
from .foreign.words import meaning
from .nearest import Candidate, candidate
from .readings import read_call
from .table import explains

__all__: list[str] = []

_STATEMENTS_ELSEWHERE = {"loop": "repeat", "times": "repeat", **dict.fromkeys(("const", "var", "val", "define"), "let")}
_STATEMENTS = ("repeat", "residual", "expect", "let", "for", "if")
_UNHEARD_OF = "`cnndsl layers` lists the layers; a block is defined above or with `use`"
_LABEL = "a label before a layer, as in `enc1: conv 64 3x3`, names its output; a block is given it as an argument"
_WORD = re.compile(r"[A-Za-z_]\w*")
_WITH_SIZE = re.compile(r"([A-Za-z_]+?)_?(\d+x\d+)")
_OF_THE_LANGUAGE = frozenset(("true", "false", "in_channels", *OPERATORS, *STRUCTURES))
_POINTWISE = ("pointwise", "pointwiseconv", "pwconv")
_MOST_LISTED = 12


# Layers and blocks


@explains(problems.UnknownLayer)
def layer(problem: problems.UnknownLayer, context: Context) -> Diagnostic:
    """The word of a statement."""
    action, word, place, found = problem.action, problem.action.word, context.place, plain(problem)
    if word.text in ("network", "block", "train", "use"):
        found = found.replace(kind=names.WRONG_PLACE, message=f"`{word.text}` stands at the top of a file")
        return offered(found, "move it out of the braces, or close them before it")
    if statement := _STATEMENTS_ELSEWHERE.get(word.text):
        return offered(found, f"write `{statement}`", Edit(word.span, statement))
    if place is not None and place.scope.find(word.text)[0]:
        found = offered(found.replace(message=f"`{word.text}` is a value"), NOT_SHARED)
        return found if action.arguments else asked(found, word.span, Candidate(f"from {word.text}"))
    known = (*OPERATORS, *STRUCTURES, *_STATEMENTS, *(place.library.blocks if place is not None else ()))
    near = nearest(word.text, place.library.places) if place is not None else None
    return (
        (_misspelt_where_defined(found, word.text, near) if near else None)
        or _of_std(found, word.text, word.span, context)
        or _of_std(found, BLOCKS.get(fold(word.text), ""), word.span, context)
        or _without_colon(found, action, known)
        or _with_size(found, action, known)
        or _near_layer(found, action, known, context)
    )


def _of_std(found: Diagnostic, name: str, span: Span, context: Context) -> Diagnostic | None:
    """A block of ``std`` that the file does not use, by its name or by what papers call it."""
    importing = context.importing(name)
    if importing is None:
        return None
    edits = (importing,) if name == span.text else (importing, Edit(span, name))
    help_ = f"`{name}` is a block of std: begin the file with `use {name} from std`"
    return offered(found, help_, *edits, certain=name == span.text)


def _without_colon(found: Diagnostic, action: ast.Call, known: Iterable[str]) -> Diagnostic | None:
    """``conv1 conv 64 3x3``: a label without its colon."""
    first = action.arguments[0] if action.arguments else None
    if first is None or first.name is not None or first.span.text not in known or meaning(action.word.text):
        return None
    start, end = action.word.span.end, first.span.start
    colon = Edit(Span(action.word.span.source, start, end), ": ")
    return offered(found, f"a label ends in a colon: write `{action.word.text}: {first.span.text}`", colon)


def _with_size(found: Diagnostic, action: ast.Call, known: Iterable[str]) -> Diagnostic | None:
    """``conv3x3 64``, ``maxpool2x2``, ``pointwise 64``: the window is an argument."""
    word, arguments = action.word, action.arguments
    spelt = _WITH_SIZE.fullmatch("conv1x1" if fold(word.text) in _POINTWISE else word.text.lower())
    name = layer_named(spelt[1], known) if spelt else None
    places = OPERATORS[name].positional if name in OPERATORS else ()
    before = places.index("kernel_size") if "kernel_size" in places else len(arguments) + 1
    if spelt is None or before > len(arguments):
        return None
    after = arguments[before - 1].span.end if before else word.span.end
    window = Edit(Span(word.span.source, after, after), f" {spelt[2]}")
    return offered_call(
        found, word, arguments, "the window is an argument", Edit(word.span, name or ""), window, certain=True
    )


def _near_layer(found: Diagnostic, action: ast.Call, known: tuple[str, ...], context: Context) -> Diagnostic:
    """What the word means elsewhere, or a slip; what the call is given is read along with it."""
    word, foreign = action.word, meaning(action.word.text)
    theirs = (foreign.layer if foreign is not None else "") or layer_named(word.text, known)
    named = Candidate(theirs, foreign is None or foreign.exact or not foreign.layer) if theirs else None
    meant = candidate(word.text, known, named) if named or foreign is None else None
    if (ours := translated(found, word, context)) is not None:
        return ours
    layer = activation_meant(action.arguments[0].span.text.strip('"')) if len(action.arguments) == 1 else None
    if fold(word.text) == "activation" and layer:
        return offered(found, f"an activation is a layer of its own: write `{layer}`", Edit(action.span, layer))
    if meant is None:
        return offered(found, foreign.sentence) if foreign is not None else _unheard_of(found, word, context)
    found = offered(found, foreign.sentence) if foreign is not None and foreign.layer and foreign.sentence else found
    reads = meant.name in OPERATORS and meant.name not in STRUCTURES and bool(action.arguments)
    reading = read_call(word, OPERATORS[meant.name], action.arguments, context) if reads else None
    if reading is not None and reading.is_whole:
        reading = reading.replace(certain=meant.certain and reading.certain)
        return as_read(asked(found, word.span, meant), word, action.arguments, reading, Edit(word.span, meant.name))
    if meant.name == word.text.lower():
        found = found.replace(message="layers and statements are written in small letters")
        return offered(found, "write them in small letters", Edit(word.span, meant.name))
    return _misspelt_where_defined(found, word.text, meant.name) or asked(found, word.span, meant)


def _unheard_of(found: Diagnostic, word: ast.Name, context: Context) -> Diagnostic:
    """A word of nowhere may be what a block was called before."""
    unused = _unused(word.span.source, context.place.library.places if context.place is not None else ())
    if unused is None:
        return offered(found, _UNHEARD_OF)
    return offered(asked(found, word.span, Candidate(unused)), f"nothing calls `{unused}`")


# Variables and values


@explains(problems.UnknownName)
def name(problem: problems.UnknownName, context: Context) -> Diagnostic:
    """A name in an expression."""
    contract, call = context.tree.contract(problem.span), context.tree.call(problem.span)
    block = context.block(call.word.text) if call is not None else None
    if call is not None and block is not None:
        reading = read_call(call.word, block, call.arguments, context)
        if reading is not None and reading.is_whole:
            return as_read(plain(problem), call.word, call.arguments, reading)
    if contract is None or contract.span != problem.span:
        return _variable(problem, problem.name, (*problem.known, "true", "false"), context)
    found = plain(problem).replace(message=f"`->` asserts a shape, and `{problem.name}` is none")
    return offered(found, f"a label before the layer names its value: `{problem.name}: conv ...`")


@explains(problems.UnknownWord)
def word(problem: problems.UnknownWord, context: Context) -> Diagnostic:
    """A bare word for an attribute that does not know it."""
    reading = read_call(problem.word, problem.target, problem.arguments, context)
    if reading is not None and reading.is_whole:
        return as_read(plain(problem), problem.word, problem.arguments, reading)
    found = _variable(problem, problem.value, (*problem.known, *problem.info.type.words), context)
    return found.replace(help=(*found.help, f"`{problem.attribute}` is {problem.info.type.description}"))


def _variable(problem: Problem, word: str, known: Iterable[str], context: Context) -> Diagnostic:
    found, span = plain(problem), problem.span
    if f'"{word}"' in span.source.text:
        return offered(found, f'a text stands in quotes: `"{word}"`', Edit(span, f'"{word}"'))
    return _of_std(found, word, span, context) or _near(found, word, known, context) or found


@explains(problems.UnknownValue)
def value(problem: problems.UnknownValue, context: Context) -> Diagnostic:
    """The name of a value after ``from`` or in a join."""
    found, known = plain(problem), tuple(dict.fromkeys(problem.known))
    otherwise = f"the values named before this are {listed(known)}" if 1 < len(known) <= _MOST_LISTED else _LABEL
    return _near(found, problem.name, known, context) or offered(found, otherwise)


def _near(found: Diagnostic, word: str, known: Iterable[str], context: Context) -> Diagnostic | None:
    """A slip of a name, a name out of sight, one that nothing uses, or one that has a part in common with the word."""
    assert found.primary is not None
    span, names = found.primary.span, tuple(known)
    meant = candidate(word, names)
    if meant is not None:
        once = len(_words(span.source)[meant.name]) == len(_words(span.source)[word]) == 1  # either may be the slip
        meant = meant.replace(certain=meant.certain and not once)
        return _misspelt_where_defined(found, word, meant.name) or asked(found, span, meant)
    if hidden := _out_of_sight(word, span, context):
        return offered(found, hidden)
    unused = _unused(span.source, (each for each in names if each not in _OF_THE_LANGUAGE))
    if unused is not None:
        return asked(found, span, Candidate(unused)).replace(help=(f"nothing uses `{unused}`",))
    shared = related(word, names)
    return asked(found, span, Candidate(shared)) if shared else None


def _misspelt_where_defined(found: Diagnostic, word: str, name: str) -> Diagnostic | None:
    """A name that is used as one word throughout and defined as another, which nothing uses: the slip is in its definition."""
    assert found.primary is not None
    source = found.primary.span.source
    if len(_words(source)[name]) != 1 or len(_words(source)[word]) < 2:
        return None
    start = _words(source)[name][0]
    span = Span(source, start, start + len(name))
    found = offered(found, f"nothing uses `{name}` by that name: call it `{word}`", Edit(span, word))
    return found.replace(secondary=(*found.secondary, Label(span, "this is never used")))


def _out_of_sight(name: str, span: Span, context: Context) -> str:
    """Where a name is defined that cannot be seen from a place; empty if it is nowhere."""
    here = context.definition
    found = sorted(context.tree.bound.get(name, ()), key=lambda each: (each[1] is not here, each[0].span.start))
    if not found:
        return ""
    node, definition = found[0]
    where = f"`{name}` is made on line {node.span.position[0]}"
    if definition is not here:
        return f"{where}, in the {definition.keyword} `{definition.name.text}`, and is seen only there"
    if node.span.start > span.start:
        return f"{where}: a name can be used below that line"
    return f"{where}, inside of braces, and is seen only there"


@lru_cache(maxsize=4)
def _words(source: Source) -> defaultdict[str, list[int]]:
    """Where each word stands in a text, without its comments."""
    code = re.sub("#[^\n]*", lambda comment: " " * len(comment[0]), source.text)
    found: defaultdict[str, list[int]] = defaultdict(list)
    for word in _WORD.finditer(code):
        found[word[0]].append(word.start())
    return found


def _unused(source: Source, known: Iterable[str]) -> str | None:
    """The one of these names that stands in the text once, where it is made: a renaming that forgot its uses leaves it."""
    words = _words(source)
    found = [name for name in dict.fromkeys(known) if len(words[name]) == 1 and not name.startswith("_")]
    return found[0] if len(found) == 1 else None


# What else has a name


@explains(problems.UnknownFunction)
def function(problem: problems.UnknownFunction, context: Context) -> Diagnostic:
    """A function that there is not: a list in parentheses, a layer that is called, a slip."""
    expression, called, found = problem.expression, problem.expression.name, plain(problem)
    if isinstance(problem.variables.get(called.text), list | tuple) and len(expression.arguments) == 1:
        text = f"{called.text}[{expression.arguments[0].span.text}]"
        return offered(found, f"the elements of a list stand in square brackets: `{text}`", Edit(expression.span, text))
    named = layer_named(called.text, OPERATORS)
    if named is not None and not expression.arguments:
        return offered(found, f"a layer is given by its bare name: `{named}`", Edit(expression.span, named))
    return _one_of(found, called.text, problem.known, f"there are {listed(problem.known)}")


def _one_of(found: Diagnostic, word: str, known: Iterable[str], otherwise: str) -> Diagnostic:
    assert found.primary is not None
    meant = candidate(word, known)
    return asked(found, found.primary.span, meant) if meant is not None else found.replace(help=(otherwise,))


_NAMED: dict[type[Problem], str] = {
    problems.UnknownImport: "it has {known:names}",
    problems.UnknownTrained: "the networks of the file are {known:names}",
    problems.UnknownShortcut: "there are {known:names}, and a body",
    problems.UnknownQuantity: "there are {known:names}",
}
"""Problems with the names that are known, and what to say if none is near."""

_QUANTITIES = {
    **dict.fromkeys(("parameters", "weights", "param_count", "num_params"), "params"),
    **dict.fromkeys(("flops", "mult_adds", "multiply_adds", "operations"), "macs"),
    **dict.fromkeys(("shape", "out", "output_shape"), "output"),
}


@explains(*_NAMED)
def known(problem: Any, context: Context) -> Diagnostic:
    """A word that is none of a few."""
    word = _QUANTITIES.get(problem.span.text.lower(), problem.span.text)
    otherwise = problem.fill(_NAMED[type(problem)]) if problem.known else "there is none"
    return _one_of(plain(problem), word, problem.known, otherwise)


@explains(problems.UnknownSetting)
def setting(problem: problems.UnknownSetting, context: Context) -> Diagnostic:
    """A setting that names no parameter of a network; it may stand on a command line, where there is nothing to edit."""
    known = [parameter.name.text for parameter in problem.network.parameters]
    meant = candidate(problem.name, known)
    if meant is not None and problem.span.text == problem.name:
        return asked(plain(problem), problem.span, meant)
    parameters = f"its parameters are {listed(known)}" if known else "it has no parameters"
    return plain(problem).replace(help=(meant.question if meant is not None else parameters,))


@explains(problems.WrongCondition)
def condition(problem: problems.WrongCondition, context: Context) -> Diagnostic:
    """``residual when changed``."""
    near = candidate(problem.word, [problem.expected])
    return asked(plain(problem), problem.span, near or Candidate(problem.expected))
