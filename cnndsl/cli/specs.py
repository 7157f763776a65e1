"""Arguments that commands on a spec share, and reading what they name."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from typing import Any

from ..api import Checked, check_source
from ..attributes import LARGEST
from ..diagnostics import Diagnostic, DiagnosticError, Diagnostics
from ..diagnostics.kinds import names
from ..diagnostics.kinds.syntax import UNEXPECTED
from ..diagnostics.suggest import one_of
from ..elaborate import parse_setting
from ..reading import ZOO, decode, read_spec
from ..source import MAX_SOURCE, Source
from .output import print_diagnostics
from .revisions import is_revision, read_revision

__all__ = [
    "add_format",
    "add_network",
    "add_spec",
    "check_network",
    "check_spec",
    "depth",
    "read",
    "read_settings",
    "refuse_model",
]

_TRAIN = "train."
_MODELS = {".py": "Python", ".cfg": "a model of Darknet"}
INPUT_HELP = "another size of the input, such as 3x256x256; contracts and `expect` are not checked then"


def add_spec(parser: ArgumentParser, input_help: str = INPUT_HELP) -> None:
    """SPEC, and which network of it at which size and parameters."""
    parser.add_argument("spec", metavar="SPEC", help="a .cnn file, zoo:NAME, or - for standard input")
    add_network(parser, input_help)


def add_network(parser: ArgumentParser, input_help: str = INPUT_HELP) -> None:
    """--network, --input and --set."""
    parser.add_argument("--network", metavar="NAME", help="which network, if the file has several (default: the first)")
    parser.add_argument("--input", metavar="SHAPE", help=input_help)
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        dest="settings",
        action="append",
        default=[],
        help="a parameter of the network, or a setting of its training: classes=5, train.epochs=3, train.optimizer.lr=0.1",
    )


def add_format(parser: ArgumentParser, **others: str) -> None:
    """--format text|json, and what else a command can print: the name of a format and what it is."""
    formats = {"text": "text (default)", "json": "JSON", **others}
    parser.add_argument("--format", choices=tuple(formats), default="text", help=one_of(formats.values()))


def depth(text: str) -> int:
    """How deep blocks are opened: the type of an argument."""
    if not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"expected a whole number of at least 1, found {text!r}")
    return int(text)


def read(path: str) -> tuple[Source, dict[str, object]]:
    """The source that a path, ``-``, ``zoo:NAME`` or ``REVISION:FILE`` names, and the settings of a zoo name."""
    if path == "-":
        return decode(sys.stdin.buffer.read(MAX_SOURCE + 1), "<stdin>"), {}
    if is_revision(path):
        return read_revision(path), {}
    return read_spec(path)


def refuse_model(path: str) -> None:
    """Refuse a file that has a model of another framework, which ``cnndsl import`` reads.

    Raises:
        DiagnosticError: E0101.
    """
    name, suffix = os.path.splitext(path)
    if suffix.lower() in _MODELS and not path.startswith(ZOO):
        help_ = (f"`cnndsl import {path} -o {os.path.basename(name)}.cnn` makes a spec of the model in it",)
        raise DiagnosticError(Diagnostic(UNEXPECTED, f"`{path}` is {_MODELS[suffix.lower()]}, not a spec", help=help_))


def check_spec(arguments: Namespace) -> Checked:
    """The spec that the arguments name, with its warnings printed.

    Raises:
        DiagnosticError: With every error of the spec.
    """
    refuse_model(arguments.spec)
    checked = check_network(*read(arguments.spec), arguments, expectations=False)
    if checked.has_errors:
        raise DiagnosticError(*checked.diagnostics)
    print_diagnostics(checked.diagnostics, sys.stderr)
    return checked


def check_network(
    source: Source, settings: dict[str, object], arguments: Namespace, *, expectations: bool = True
) -> Checked:
    """A source checked for the network, the size and the parameters that the arguments name.

    Raises:
        DiagnosticError: If the arguments cannot be read.
    """
    shape = None if arguments.input is None else _shape(arguments.input)
    of_training = [text for text in arguments.settings if text.startswith(_TRAIN)]
    own = read_settings([text for text in arguments.settings if text not in of_training])
    checked = check_source(source, {**settings, **own}, arguments.network, shape, expectations)
    if not of_training or checked.graph is None:
        return checked
    from ..api.recipes import with_changes  # few ask for it, and `check` starts fast

    pairs = [_pair(text) for text in of_training]
    return checked.replace(
        recipe=with_changes(checked.recipe, {name.removeprefix(_TRAIN): value for name, value in pairs})
    )


def _shape(text: str) -> tuple[int, ...]:
    diagnostics = Diagnostics()
    value = parse_setting(text, diagnostics, "--input")
    diagnostics.raise_errors()
    extents = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(extent, int) and 1 <= extent <= LARGEST for extent in extents):
        raise DiagnosticError(
            Diagnostic(names.WRONG_VALUE, f"`--input {text}` is not a shape", help=("write 3x224x224",))
        )
    return extents


def read_settings(texts: list[str]) -> dict[str, Any]:
    """The values of --set.

    Raises:
        DiagnosticError: If one is not NAME=VALUE, or its value cannot be read.
    """
    settings = {}
    for name, value in map(_pair, texts):
        diagnostics = Diagnostics()
        settings[name] = parse_setting(value, diagnostics)
        diagnostics.raise_errors()
    return settings


def _pair(text: str) -> tuple[str, str]:
    """The two sides of NAME=VALUE."""
    name, equal, value = text.partition("=")
    if equal and name.strip():
        return name.strip(), value
    message = f"`--set {text}` is not of the form NAME=VALUE"
    help_ = f"write `--set {name.strip() or 'classes'}=10` for example"
    raise DiagnosticError(Diagnostic(names.UNKNOWN_SETTING, message, help=(help_,)))
