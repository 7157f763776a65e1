"""A word at the beginning of a statement that no layer, block or structure has: what was meant by it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..diagnostics import Diagnostic, Edit, Fix, Label
from ..diagnostics.kinds import names
from ..diagnostics.suggest import nearest
from ..explain.foreign import BLOCKS, SEVERAL, fold, layer_meant
from ..source import Span
from ..syntax import ast
from .calls import named_activation
from .place import Place

if TYPE_CHECKING:
    from .network import NetworkElaborator

__all__ = ["report_unknown_layer"]

_WINDOWED = re.compile(r"(conv|convolution|conv2d|maxpool|max_pool|avgpool|avg_pool)_?([0-9]+)x([0-9]+)")
_WORDS = {"convolution": "conv", "conv2d": "conv", "max_pool": "maxpool", "avg_pool": "avgpool"}
_STATEMENTS = ("repeat", "residual", "expect", "let", "for", "if")
_LONG_STATEMENTS = ("repeat", "residual", "expect")
_OTHERWISE = "`cnndsl layers` lists the layers; a block is defined above or with `use`"


def report_unknown_layer(network: NetworkElaborator, action: ast.Call, place: Place) -> None:
    """Report the word of a call, once however often it is used where nothing mends one use alone."""
    word = action.word
    if word.text in ("network", "block", "train", "use"):
        _item(network, action, place)
        return
    network.started |= word.text.lower() == "input"  # what follows has a value to work on, which is not known
    found = (
        _misspelt_definition(action, place)
        or _in_small_letters(word, place)
        or _renamed(action, place)
        or _of_std(word, place)
        or _value(action, place)
        or _pointwise(action)
        or _with_window(action)
        or _block_elsewhere(word, place)
    )
    if found is None:
        found = _by_name(action, place)
    elif not found.fixes or found.fixes[0].edits[0].span != word.span:
        place.library.missing.add(word.text)
    for name in _named_behind(action):
        place.scope.values.setdefault(name, None)
    network.report(found)


def _named_behind(action: ast.Call) -> list[str]:
    """The names that ``save skip`` would give to the value before it."""
    if "a label before" not in SEVERAL.get(fold(action.word.text), ""):
        return []
    values = [argument.value for argument in action.arguments]
    return [
        value.name if isinstance(value, ast.Variable) else value.value
        for value in values
        if isinstance(value, ast.Variable | ast.String)
    ]


def _unknown(word: ast.Name, *help_: str, label: str = "", fixes: tuple[Fix, ...] = ()) -> Diagnostic:
    message = f"no layer is called `{word.text}`"
    return Diagnostic(names.UNKNOWN_LAYER, message, Label(word.span, label), help=help_, fixes=fixes)


def _item(network: NetworkElaborator, action: ast.Call, place: Place) -> None:
    """``block unit { }`` inside the braces of a network."""
    defined = [item.value for item in action.arguments if item.name is None]
    place.library.missing.update(
        item.name if isinstance(item, ast.Variable) else item.name.text
        for item in defined
        if isinstance(item, ast.Variable | ast.Function)
    )
    word = action.word
    what = "block" if place.block is not None else "network"
    help_text = f"move it out of the {what}, or close the braces before it"
    network.error(names.WRONG_PLACE, f"`{word.text}` stands at the top of a file", word.span, help_text)


def _misspelt_definition(action: ast.Call, place: Place) -> Diagnostic | None:
    """Calls that agree on a name, and a block of almost this name that none calls: the slip is in its definition."""
    word = action.word
    text = word.span.source.text
    own = [block for block, span in place.library.places.items() if span.source is word.span.source]
    uncalled = [block for block in own if len(re.findall(rf"(?<![\w.]){re.escape(block)}(?![\w.])", text)) == 1]
    meant = layer_meant(word.text, uncalled)
    calls = len(re.findall(rf"(?<![\w.]){re.escape(word.text)}(?![\w.])", text))
    if meant is None or calls == 1:
        return None
    span = place.library.places[meant]
    fix = Fix(f"call the block `{word.text}`", (Edit(span, word.text),), True)
    found = _unknown(word, f"did you mean `{meant}`? no call names it so: rename the block", fixes=(fix,))
    return found.replace(secondary=(Label(span, "this block is never called"),))


def _in_small_letters(word: ast.Name, place: Place) -> Diagnostic | None:
    """``Conv`` and ``Expect``: all words that differ in nothing but their capitals are one mistake."""
    small = word.text.lower()
    if small == word.text or small not in (*place.library.names, *_STATEMENTS):
        return None
    message = "layers and statements are written in small letters"
    fix = Fix("write it in small letters", (Edit(word.span, small),), True)
    return Diagnostic(names.UNKNOWN_LAYER, message, Label(word.span), fixes=(fix,))


def _renamed(action: ast.Call, place: Place) -> Diagnostic | None:
    """A call of a block under the name that it had before: the one block of this file that nothing calls."""
    from .unknown_names import left_over  # what only a word needs that nothing is called by

    word, source = action.word, action.word.span.source
    own = [name for name, span in place.library.places.items() if span.source is source]
    meant = None if layer_meant(word.text, place.library.names) else left_over(source, own)
    takes = len(place.library.blocks[meant].definition.parameters) if meant in place.library.blocks else -1
    if meant is None or takes < len(action.arguments):
        return None
    fix = Fix(f"write `{meant}`", (Edit(word.span, meant),))
    found = _unknown(word, label=f"did you mean `{meant}`, which nothing calls?", fixes=(fix,))
    return found.replace(secondary=(Label(place.library.places[meant], "defined here"),))


def _of_std(word: ast.Name, place: Place) -> Diagnostic | None:
    importing = place.library.importing(word.text)
    if importing is None:
        return None
    fix = Fix(f"use `{word.text}` from std", (importing,), True)
    return _unknown(
        word, f"`{word.text}` is a block of std: begin the file with `use {word.text} from std`", fixes=(fix,)
    )


def _value(action: ast.Call, place: Place) -> Diagnostic | None:
    """The name of a value as a statement."""
    word = action.word
    if not place.scope.find(word.text)[0] or action.arguments or action.body is not None:
        return None
    fix = Fix(f"write `from {word.text}`", (Edit(word.span, f"from {word.text}"),))
    message = f"`{word.text}` is a value, not a layer"
    help_ = (f"`from {word.text}` goes on from it",)
    return Diagnostic(names.UNKNOWN_LAYER, message, Label(word.span), help=help_, fixes=(fix,))


def _pointwise(action: ast.Call) -> Diagnostic | None:
    """``pointwise 64`` is a convolution of 1x1."""
    return (
        _windowed(action, "conv", "1x1") if fold(action.word.text) in ("pointwise", "pointwiseconv", "pwconv") else None
    )


def _with_window(action: ast.Call) -> Diagnostic | None:
    """``conv3x3 64``, ``maxpool2x2``."""
    found = _WINDOWED.fullmatch(action.word.text.lower())
    if found is None:
        return None
    return _windowed(action, _WORDS.get(found[1], found[1]), f"{found[2]}x{found[3]}")


def _windowed(action: ast.Call, layer: str, window: str) -> Diagnostic:
    """The layer with its window behind the channels."""
    word, source = action.word, action.word.span.source
    first = next((each for each in action.arguments if each.name is None), None)
    if layer != "conv":
        edits: tuple[Edit, ...] = (Edit(word.span, f"{layer} {window}"),)
        written = f"{layer} {window}"
    elif first is None or action.arguments[0] is not first:
        return _unknown(word, f"the window is an argument: `{layer} 64 {window}`")
    else:
        end = Span(source, first.span.end, first.span.end)
        edits = (Edit(word.span, layer), Edit(end, f" {window}"))
        written = f"{layer} {first.span.text} {window}"
    return _unknown(word, f"the window is an argument: `{written}`", fixes=(Fix(f"write `{written}`", edits, True),))


def _block_elsewhere(word: ast.Name, place: Place) -> Diagnostic | None:
    """A name that papers and libraries have for what is a block of std."""
    meant = BLOCKS.get(fold(word.text))
    return _in_std(word, meant, place) if meant else None


def _in_std(word: ast.Name, meant: str, place: Place) -> Diagnostic:
    importing = place.library.importing(meant)
    rename = Edit(word.span, meant)
    if importing is None or meant in place.library.blocks:
        return _unknown(word, f"did you mean `{meant}`?", fixes=(Fix(f"write `{meant}`", (rename,)),))
    fix = Fix(f"use `{meant}` from std", (importing, rename))
    return _unknown(word, f"std has `{meant}` for it: begin the file with `use {meant} from std`", fixes=(fix,))


def _by_name(action: ast.Call, place: Place) -> Diagnostic:
    """A foreign name, a slip, or nothing known."""
    word = action.word
    meant = layer_meant(word.text, (*place.library.names, *_LONG_STATEMENTS))
    if meant:
        fix = Fix(f"write `{meant}`", (Edit(_replaced(action, meant), meant),), True)
        return _unknown(word, label=f"did you mean `{meant}`?", fixes=(fix,))
    near = nearest(word.text, dict.fromkeys(BLOCKS.values())) if fold(word.text) not in SEVERAL else None
    if near:
        place.library.missing.add(word.text)
        return _in_std(word, near, place)
    fixes = _activation_layer(action)
    if not fixes:
        place.library.missing.add(word.text)  # one mistake, however often the name is used
    return _unknown(word, SEVERAL.get(fold(word.text), _OTHERWISE), fixes=fixes)


def _replaced(action: ast.Call, meant: str) -> Span:
    """The word, and behind a batch normalisation the number of channels that others give it."""
    given = [each for each in action.arguments if each.name is None and isinstance(each.value, ast.Number)]
    alone = meant == "bn" and len(given) == len(action.arguments) == 1
    return action.word.span.to(given[0].span) if alone else action.word.span


def _activation_layer(action: ast.Call) -> tuple[Fix, ...]:
    """``activation relu`` is ``relu``."""
    if fold(action.word.text) != "activation" or len(action.arguments) != 1:
        return ()
    meant = named_activation(action.arguments[0])
    return (Fix(f"write `{meant}`", (Edit(action.span, meant),), True),) if meant else ()
