"""The page of the commands, from the parsers that read them."""

from __future__ import annotations

from argparse import SUPPRESS, Action, ArgumentParser
from collections.abc import Mapping

from .markdown import code, head, table

__all__ = ["render_command_line"]


def render_command_line(summaries: Mapping[str, str], parsers: Mapping[str, ArgumentParser]) -> str:
    """The page; summaries and parsers are by the name of the command."""
    lines = head(
        "Command line",
        "A SPEC is a `.cnn` file, `zoo:NAME` for a network that ships with cnndsl, or `-` for standard input. Exit codes: 0 "
        "no errors, 1 errors, 2 wrong usage, 3 a bug in cnndsl, 130 interrupted. `NO_COLOR` and `FORCE_COLOR` are respected.",
    )
    for name, summary in summaries.items():
        lines += [f"## cnndsl {name}", "", f"{summary[0].upper()}{summary[1:]}.", ""]
        lines += _command(parsers[name]) if name in parsers else []
    return "\n".join(lines).rstrip() + "\n"


def _command(parser: ArgumentParser) -> list[str]:
    actions = [action for action in parser._actions if action.help is not SUPPRESS and action.dest != "help"]
    examples = (parser.description or "").partition("examples:\n")[2].strip("\n")
    lines = ["```console", *(line[2:] if line.startswith("  ") else line for line in _first_block(examples)), "```", ""]
    lines += table(("argument", "meaning"), ((_name(action), _meaning(action)) for action in actions))
    return lines + _rest(examples)


def _first_block(examples: str) -> list[str]:
    return examples.split("\n\n", maxsplit=1)[0].split("\n")


def _rest(examples: str) -> list[str]:
    """What help says after the examples."""
    paragraphs = examples.split("\n\n")[1:]
    return [line for paragraph in paragraphs for line in (" ".join(paragraph.split()), "")]


def _name(action: Action) -> str:
    if not action.option_strings:
        many = "..." if action.nargs in ("+", "*") else ""
        return code(f"{action.metavar or action.dest}{many}")
    value = "" if action.nargs == 0 else f" {_value(action)}"
    return ", ".join(code(f"{option}{value}") for option in action.option_strings)


def _value(action: Action) -> str:
    if action.metavar is not None:
        return str(action.metavar)
    return "|".join(map(str, action.choices)) if action.choices else action.dest.upper()


def _meaning(action: Action) -> str:
    text = (action.help or "").replace("|", "\\|")
    return f"{text} (must be given)" if action.required and action.option_strings else text
