"""What a lint is: its code, its page and what it looks for, in one class."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar

from ...diagnostics import Diagnostic, DiagnosticKind
from .allow import Allowances
from .network import Finding, Network
from .tree import Text

__all__ = ["CommentLint", "Comments", "Lint", "NetworkLint", "TextLint"]


class Lint:
    """One warning. Its class has its name, and the docstring is its page.

    The first line of the page says in a phrase what is told. Then comes why it matters, an example that fails, fenced as
    ``cnn failing``, and one that works, fenced as ``cnn``.
    """

    code: ClassVar[str]
    kind: ClassVar[DiagnosticKind]

    def __init_subclass__(cls) -> None:
        if "code" in vars(cls):
            words = "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in cls.__name__)
            title = (cls.__doc__ or "").partition("\n")[0].removesuffix(".")
            cls.kind = DiagnosticKind(cls.code, words.removeprefix("-"), title[:1].lower() + title[1:])

    @classmethod
    def page(cls) -> str:
        """The page that ``cnndsl explain`` shows, as Markdown."""
        from textwrap import dedent  # for those who read the page alone

        text = dedent((cls.__doc__ or "").partition("\n")[2]).rstrip()
        return f"# {cls.code}: {cls.kind.summary}\n{text}\n"


class NetworkLint(Lint):
    """A lint of networks without errors."""

    def find(self, network: Network) -> Iterator[Finding]:
        """What is found, in the order of the graph; a statement that is built often may be found often."""
        raise NotImplementedError


class TextLint(Lint):
    """A lint of a file as it is written."""

    def find(self, text: Text) -> Iterator[Diagnostic]:
        """What is found."""
        raise NotImplementedError


class Comments:
    """The comments of a file that allow warnings, after all lints but those of comments have looked for theirs.

    ``unseen`` are the lines that no warning was looked for on; None if they are not known.
    """

    def __init__(self, allowances: Allowances, unseen: set[int] | None, lints: Mapping[str, Lint]) -> None:
        self.allowances = allowances
        self.unseen = unseen
        self.lints = lints
        self.codes = [code for code, lint in lints.items() if not isinstance(lint, CommentLint)]
        """What may be allowed."""


class CommentLint(Lint):
    """A lint of the comments that allow warnings; no comment allows what it finds."""

    def find(self, comments: Comments) -> Iterator[Diagnostic]:
        """What is found."""
        raise NotImplementedError
