"""``%%cnn``: a cell of a notebook that is a spec. IPython calls this; nothing here needs it."""

from __future__ import annotations

import shlex
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import Any, NoReturn

from .api import Model
from .cli.specs import add_network, check_network
from .diagnostics import DiagnosticError
from .source import Source

__all__ = ["register"]

_DESCRIPTION = "Check a spec, show its picture and its table, and bind the model to a name."


class _Refused(Exception):
    """The line of the magic cannot be read; the message says why."""


class _Parser(ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise _Refused(f"%%cnn: {message}\n{self.format_usage()}")


def register(shell: Any) -> None:
    """Teach an IPython shell the cell magic ``%%cnn [NAME] [--input SHAPE] [--set NAME=VALUE]``."""
    shell.register_magic_function(_magic(shell), "cell", "cnn")


def _magic(shell: Any) -> Callable[[str, str], Model | None]:
    def cnn(line: str, cell: str) -> Model | None:
        try:
            arguments = _arguments(line)
            checked = check_network(Source("<cell>", cell), {}, arguments)
        except (_Refused, DiagnosticError) as error:
            print(error, file=sys.stderr)  # noqa: T201
            return None
        model = Model(checked)
        shell.user_ns[arguments.name] = model
        for item in model.check():
            if not item.is_error:
                print(item, file=sys.stderr)  # noqa: T201
        return model

    cnn.__doc__ = _DESCRIPTION
    return cnn


def _arguments(line: str) -> Namespace:
    parser = _Parser(prog="%%cnn", description=_DESCRIPTION, add_help=False)
    parser.add_argument("name", nargs="?", default="model", help="what the model is called (default: model)")
    add_network(parser)
    found = parser.parse_args(shlex.split(line))
    if not found.name.isidentifier():
        raise _Refused(f"%%cnn: `{found.name}` is not a name of Python")
    return found
