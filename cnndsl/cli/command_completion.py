"""``cnndsl completion``: scripts made from the commands and their arguments, for the shells that people use."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

from .main import COMMANDS, make_parser

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl completion bash > ~/.local/share/bash-completion/completions/cnndsl
  cnndsl completion zsh > "${fpath[1]}/_cnndsl"
  cnndsl completion fish > ~/.config/fish/completions/cnndsl.fish
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell that is to complete")


def run(arguments: Namespace) -> int:
    """Print the script."""
    print({"bash": _bash, "zsh": _zsh, "fish": _fish}[arguments.shell]())
    return 0


def _options(command: str) -> list[str]:
    return sorted(make_parser(command)._option_string_actions)


def _bash() -> str:
    cases = "\n".join(f"        {name}) words='{' '.join(_options(name))}' ;;" for name in COMMANDS)
    return f"""\
_cnndsl() {{
    local current=${{COMP_WORDS[COMP_CWORD]}} words=
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W '{" ".join(COMMANDS)} --help --version' -- "$current"))
        return
    fi
    case ${{COMP_WORDS[1]}} in
{cases}
    esac
    case $current in
        -*) COMPREPLY=($(compgen -W "$words" -- "$current")) ;;
        *) COMPREPLY=($(compgen -f -X '!*.cnn' -- "$current") $(compgen -d -- "$current")) ;;
    esac
}}
complete -o filenames -F _cnndsl cnndsl"""


def _zsh() -> str:
    described = "\n".join(f"        '{name}:{text}'" for name, text in COMMANDS.items())
    cases = "\n".join(f"        {name}) options=({' '.join(_options(name))}) ;;" for name in COMMANDS)
    return f"""\
#compdef cnndsl
_cnndsl() {{
    local -a commands options
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
    if [[ $words[CURRENT] == -* ]]; then
        compadd -- $options
    else
        _files -g '*.cnn'
    fi
}}
_cnndsl "$@\""""


def _fish() -> str:
    lines = ["complete -c cnndsl -n __fish_use_subcommand -f"]
    for name, text in COMMANDS.items():
        lines.append(f"complete -c cnndsl -n __fish_use_subcommand -a {name} -d '{text}'")
        for option in _options(name):
            flag = f"-l {option[2:]}" if option.startswith("--") else f"-s {option[1:]}"
            lines.append(f"complete -c cnndsl -n '__fish_seen_subcommand_from {name}' {flag}")
    return "\n".join(lines)
