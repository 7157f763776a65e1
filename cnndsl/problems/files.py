"""Files, networks, blocks and their parameters."""

from __future__ import annotations

from collections.abc import Collection

from ..diagnostics import Diagnostic, DiagnosticKind, Label
from ..diagnostics.kinds import names
from ..ops import Shape
from ..syntax import ast
from .base import Problem, Twice, Written

__all__ = [
    "CircularUse",
    "DefinedTwice",
    "FileRefused",
    "LayerName",
    "NoNetwork",
    "NoValue",
    "OtherInput",
    "ParameterTwice",
    "RecursiveBlock",
    "UnknownImport",
    "UnknownNetwork",
    "UnknownOrigin",
    "UnknownSetting",
    "UsedTwice",
]


class NoNetwork(Problem):
    """A file without a network."""

    kind = names.NO_NETWORK
    says = "the file has no network"
    advice = ("write `network Name {{ input 1x32x32 ... }}`",)


class UnknownNetwork(Problem):
    """The file has no network of the name asked for."""

    kind = names.NO_NETWORK
    says = "no network is called `{name}`"
    advice = ("the networks of the file are {known:names}",)
    name: str
    known: Collection[str]


class DefinedTwice(Twice):
    """Two networks or two blocks of a file have one name."""

    kind = names.DUPLICATE_NAME
    says = "two {definition.keyword}s are called `{definition.name.text}`"
    advice = ("rename one of them, or remove it",)
    definition: ast.Definition
    earlier: ast.Definition


class UsedTwice(Twice):
    """A block is taken twice from the same file."""

    kind = names.DUPLICATE_NAME
    says = "`{name}` is used already"
    advice = ("remove this one",)
    name: str


class ParameterTwice(Twice):
    """Two parameters have one name."""

    kind = names.DUPLICATE_NAME
    says = "the parameter `{name}` is declared twice"
    name: str
    definition: ast.Definition


class LayerName(Problem):
    """A block has the name of a layer."""

    kind = names.DUPLICATE_NAME
    says = "`{name}` is a layer of the language"
    advice = ("choose another name",)
    name: str


class UnknownSetting(Problem):
    """A setting names no parameter of the network."""

    kind = names.UNKNOWN_SETTING
    says = "network `{network.name.text}` has no parameter `{name}`"
    advice = ("its parameters are {known:names}",)
    name: str
    network: ast.Definition

    @property
    def known(self) -> list[str]:
        """The parameters that it has."""
        return [parameter.name.text for parameter in self.network.parameters]


class NoValue(Problem):
    """A parameter of a network has neither a default nor a setting."""

    kind = names.MISSING_ATTRIBUTE
    says = "the parameter `{parameter.name.text}` has no value"
    advice = ("give it a default, or a value with `--set {parameter.name.text}=...`",)
    parameter: ast.Parameter


class OtherInput(Problem):
    """The shape asked for does not fit the ``input`` that is written."""

    kind = names.UNKNOWN_SETTING
    says = "an input of {asked:shape} conflicts with `input {written:shape}` in the spec"
    advice = ("give it as many sizes as the spec has",)
    asked: Shape
    written: Written


class FileRefused(Problem):
    """A used file cannot or may not be read; ``cause`` says why."""

    cause: Diagnostic
    says = "{cause.message}"

    @property
    def kind(self) -> DiagnosticKind:
        return self.cause.kind

    @property
    def notes(self) -> tuple[str, ...]:
        return self.cause.notes

    @property
    def help(self) -> tuple[str, ...]:
        return self.cause.help


class UnknownOrigin(Problem):
    """``use a from b`` where ``b`` is neither ``std`` nor a file in quotes."""

    kind = names.BAD_USE
    says = "blocks come from `std` or from a file in quotes, not from `{origin}`"
    advice = ('write `from "{origin}.cnn"`',)
    origin: str


class UnknownImport(Problem):
    """``use`` takes a block that the other file does not have; ``known`` are those that it has."""

    kind = names.UNKNOWN_NAME
    says = "{use.origin.span.text} has no block `{name}`"
    advice = ("it has {known:names}",)
    name: str
    use: ast.Use
    known: Collection[str]


class CircularUse(Problem):
    """Files use each other in a circle."""

    kind = names.CIRCULAR_USE
    says = "files use each other in a circle"
    files: tuple[str, ...]

    @property
    def notes(self) -> tuple[str, ...]:
        return (" -> ".join(self.files),)


class RecursiveBlock(Problem):
    """A block calls itself; ``calls`` are the blocks of the circle, each with the word that calls the next one."""

    kind = names.RECURSIVE_BLOCK
    says = "the block `{block}` calls itself"
    advice = ("use `repeat` for a loop",)
    block: str
    calls: tuple[tuple[str, ast.Name], ...]

    @property
    def label(self) -> str:
        return "this call closes the circle" if len(self.calls) > 1 else "this block calls itself"

    @property
    def related(self) -> tuple[Label, ...]:
        return tuple(Label(call.span, f"`{block}` calls `{call.text}`") for block, call in self.calls[:-1])

    @property
    def notes(self) -> tuple[str, ...]:
        circle = [*(block for block, _ in self.calls), self.block]
        return (" -> ".join(circle),) if len(self.calls) > 1 else ()
