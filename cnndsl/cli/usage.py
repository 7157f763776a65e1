"""How a wrong command line is refused: what is wrong in one line, what was meant, and where to read more."""

from __future__ import annotations

import re
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import NoReturn

from ..diagnostics.suggest import nearest

__all__ = ["CommandParser"]

_IN_THE_SPEC = frozenset(
    ("data", "loss", "lr", "learning-rate", "momentum", "optimizer", "schedule", "weight-decay", "dataset")
)
"""What other programs take as options and a spec says in ``train { }``."""


class CommandParser(ArgumentParser):
    """Says a mistake without ten lines of usage before it."""

    def parse(self, arguments: Sequence[str]) -> Namespace:
        """The arguments by name; what is left over ends the program with exit code 2."""
        known, unknown = self.parse_known_args(arguments)
        if unknown:
            self.error(self._unknown(unknown[0]))
        return known

    def error(self, message: str) -> NoReturn:
        """Print the mistake and end the program with exit code 2."""
        print(f"{self.prog}: {message}\n`{self.prog} --help` shows its arguments", file=sys.stderr)
        raise SystemExit(2)

    def _unknown(self, word: str) -> str:
        if not word.startswith("-"):
            return f"`{word}` is one argument too many"
        option = word.partition("=")[0]
        options = sorted(set(re.findall(r"--[a-z][a-z-]*", self.format_usage())))
        meant = nearest(option, options)
        if meant:
            return f"no option `{option}`; did you mean `{meant}`?"
        if option.lstrip("-") in _IN_THE_SPEC:
            return f"no option `{option}`; it is said in the spec, as in `train {{ optimizer adam lr=1e-3 }}`"
        return f"no option `{option}`; there are {', '.join(options)}"
