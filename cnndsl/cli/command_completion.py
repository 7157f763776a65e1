"""``cnndsl completion``: scripts made from the commands and their arguments, for the shells that people use."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from ..analysis.codes import all_kinds
from ..ops import OPERATORS
from ..reading import ZOO, zoo_entries
from ..reports.reference import std_blocks
from .main import COMMANDS, make_parser

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl completion bash > ~/.local/share/bash-completion/completions/cnndsl
  cnndsl completion zsh > "${fpath[1]}/_cnndsl"
  cnndsl completion fish > ~/.config/fish/completions/cnndsl.fish
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=tuple(_SCRIPTS), help="the shell that is to complete")


def run(arguments: Namespace) -> int:
    """Print the script."""
    print(_SCRIPTS[arguments.shell]())
    return 0


def _options(command: str) -> list[str]:
    return sorted(make_parser(command)._option_string_actions)


def _choices(command: str) -> dict[str, list[str]]:
    """The values of options that take one of a few."""
    actions = make_parser(command)._actions
    return {
        option: list(map(str, action.choices))
        for action in actions
        if action.choices
        for option in action.option_strings
    }


def _names(command: str) -> list[str]:
    """What may be at the place of a spec, besides files: the names that a command knows."""
    if command == "explain":
        return list(all_kinds())
    if command == "layers":
        return [*OPERATORS, *std_blocks()]
    if command == "completion":
        return list(_SCRIPTS)
    return [f"{ZOO}{name}" for name in zoo_entries()] if command not in ("zoo", "fmt") else []


def _bash() -> str:
    cases = "\n".join(
        f"        {name}) options='{' '.join(_options(name))}' names='{' '.join(_names(name))}' ;;" for name in COMMANDS
    )
    values = "\n".join(
        f"        '{name} {option}') COMPREPLY=($(compgen -W '{' '.join(values)}' -- \"$current\")); return ;;"
        for name in COMMANDS
        for option, values in _choices(name).items()
    )
    return f"""\
_cnndsl() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD-1]}} options= names=
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W '{" ".join(COMMANDS)} help --help --version' -- "$current"))
        return
    fi
    case ${{COMP_WORDS[1]}} in
{cases}
    esac
    case "${{COMP_WORDS[1]}} $previous" in
{values}
    esac
    # bash parts words at colons: zoo:le is three of them
    if [ "$previous" = : ] || [ "$current" = : ]; then
        COMPREPLY=($(compgen -W "${{names//{ZOO}/}}" -- "${{current#:}}"))
        return
    fi
    case $current in
        -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
        *) COMPREPLY=($(compgen -f -X '!*.cnn' -- "$current") $(compgen -d -W "$names" -- "$current")) ;;
    esac
}}
complete -o filenames -F _cnndsl cnndsl"""


def _zsh() -> str:
    described = "\n".join(f"        '{name}:{text}'" for name, text in COMMANDS.items())
    cases = "\n".join(
        f"        {name}) options=({' '.join(_options(name))}) names=({' '.join(_names(name))}) ;;" for name in COMMANDS
    )
    values = "\n".join(
        f"        '{name} {option}') compadd -- {' '.join(values)}; return ;;"
        for name in COMMANDS
        for option, values in _choices(name).items()
    )
    return f"""\
#compdef cnndsl
_cnndsl() {{
    local -a commands options names
    commands=(
{described}
    )
    if (( CURRENT == 2 )); then
        _describe command commands
        return
    fi
    case $words[2] in
{cases}
    esac
    case "$words[2] $words[CURRENT-1]" in
{values}
    esac
    if [[ $words[CURRENT] == -* ]]; then
        compadd -- $options
    else
        compadd -- $names
        _files -g '*.cnn'
    fi
}}
_cnndsl "$@\""""


def _fish() -> str:
    lines = ["complete -c cnndsl -n __fish_use_subcommand -f"]
    for name, text in COMMANDS.items():
        inside = f"complete -c cnndsl -n '__fish_seen_subcommand_from {name}'"
        lines.append(f"complete -c cnndsl -n __fish_use_subcommand -a {name} -d '{text}'")
        names = _names(name)
        lines += [f"{inside} -a '{' '.join(names)}'"] if names else []
        choices = _choices(name)
        for option in _options(name):
            flag = f"-l {option[2:]}" if option.startswith("--") else f"-s {option[1:]}"
            values = f" -x -a '{' '.join(choices[option])}'" if option in choices else ""
            lines.append(f"{inside} {flag}{values}")
    return "\n".join(lines)


_SCRIPTS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
