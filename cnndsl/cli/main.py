"""The entry of the command line. Only the module of the command that is called gets imported, so that each starts fast.

Exit codes: 0 no errors, 1 errors, 2 usage, 3 a bug in cnndsl, 130 interrupted.
"""

from __future__ import annotations

import gc
import os
import sys
from argparse import Namespace, RawDescriptionHelpFormatter
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType

from ..diagnostics import DiagnosticError
from ..diagnostics.suggest import nearest
from .output import print_diagnostics, print_diagnostics_json, table_width
from .usage import CommandParser

__all__ = ["COMMANDS", "entry", "main", "make_parser"]

COMMANDS = {
    "check": "check specs: syntax, names, every shape, contracts and expectations",
    "summary": "a table of the layers: shapes, parameters, multiply-accumulates, memory, receptive field",
    "diff": "compare two networks: layers, shapes, parameters, multiply-accumulates",
    "solve": "find the input sizes that fit a network, or what to change in a layer to get a size",
    "diagram": "draw the network as SVG, PDF, PNG, TikZ, DOT or a page",
    "explain-shape": "show why a layer gives its shape, and what one output sees of the input",
    "import": "make a spec of a model in PyTorch, Keras or Darknet; Python is read and never run",
    "compile": "write the network as an ordinary PyTorch module, in a file of your own",
    "train": "train the network as its spec says",
    "eval": "measure a trained network on held-out data",
    "predict": "classify images with a trained network",
    "features": "draw what a trained network has learnt: kernels, feature maps, where it looks",
    "download": "download the files of a data set, and check them",
    "bench": "measure images per second and memory on every backend that is installed",
    "explain": "explain the code of an error, with an example and its fix",
    "layers": "list the layers, or explain one layer",
    "zoo": "list the networks that ship with cnndsl",
    "new": "start a spec from a network of the zoo",
    "fmt": "give specs the standard layout",
    "completion": "print a completion script for a shell",
}
"""The commands and what each is for; the code of NAME is in the module ``command_NAME``, hyphens as underscores."""


class _Formatter(RawDescriptionHelpFormatter):
    """Keeps the examples as they are; asks for the width here, because argparse imports ``shutil`` for it."""

    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=table_width() - 2)


_LONG = frozenset(("train", "eval", "predict", "bench", "features"))
"""Commands that run for long. The others end before garbage matters: looking for it would take half of their time."""

_SAYINGS = ("cannot allocate memory", "failed to map segment", "not enough memory", "can't start new thread")
"""How systems say that a library, a file or a thread does not fit into memory; Python has no class of error for it."""

_EXAMPLES = """\
examples:
  cnndsl check model.cnn                     say what is wrong with a spec
  cnndsl summary zoo:lenet5 --explain        see why each shape is what it is
  cnndsl diagram model.cnn -o model.svg      draw it
  cnndsl train model.cnn                     train it
  cnndsl fmt model.cnn                       lay it out neatly

commands:
"""


def entry() -> None:
    """What the ``cnndsl`` script calls."""
    code = main(sys.argv[1:])
    if "RANK" in os.environ:  # torchrun has started it
        from ..backends.workers import end_process

        end_process(code)
    sys.exit(code)


def main(arguments: Sequence[str]) -> int:
    """Run one command line and return its exit code; nothing that a user can do ends in a traceback."""
    try:
        code = _dispatch(list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has gone; keep the interpreter from saying so when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    except Exception as error:
        return _bug(error)
    return code


def _dispatch(arguments: list[str]) -> int:
    if arguments[:1] == ["help"] and len(arguments) > 1:
        arguments = [*arguments[1:], "--help"]
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(_help())
        return 0 if arguments else 2
    command, *rest = arguments
    if command in ("-V", "--version", "version"):
        from .. import __version__

        print(f"cnndsl {__version__}")
        return 0
    if command not in COMMANDS:
        meant = nearest(command, COMMANDS)
        hint = f"did you mean `{meant}`?" if meant else f"there are {', '.join(COMMANDS)}"
        print(f"cnndsl: no command `{command}`; {hint}", file=sys.stderr)
        return 2
    module = _module(command)
    if command not in _LONG:
        gc.disable()
    return _run(module, make_parser(command).parse(rest))


def _run(module: ModuleType, arguments: Namespace) -> int:
    """Run a command; what it refuses goes to standard error, or as JSON where that is asked for."""
    try:
        code: int = module.run(arguments)
    except (DiagnosticError, MemoryError, ImportError, OSError, RuntimeError) as failure:
        error = failure if isinstance(failure, DiagnosticError) else _lack_of_memory(failure)
        if error is None:
            raise
        if getattr(arguments, "format", "") == "json":
            print_diagnostics_json(error.diagnostics)
        else:
            print_diagnostics(error.diagnostics, sys.stderr)
        return 1
    return code


def _lack_of_memory(failure: Exception) -> DiagnosticError | None:
    """E0435 if a command has failed because there was not enough memory, such as for a library that it loads."""
    if not isinstance(failure, MemoryError) and not any(words in str(failure).lower() for words in _SAYINGS):
        return None
    from ..diagnostics import Diagnostic
    from ..diagnostics.kinds.training import OUT_OF_MEMORY

    notes = (str(failure),) if str(failure) else ()
    help_ = "close other programs, or raise the limit of memory if there is one (`ulimit -v`)"
    return DiagnosticError(
        Diagnostic(OUT_OF_MEMORY, "there is not enough memory for this command", notes=notes, help=(help_,))
    )


def _module(command: str) -> ModuleType:
    return import_module(f".command_{command.replace('-', '_')}", __package__)


def make_parser(command: str) -> CommandParser:
    """The parser of one command; its module adds the arguments and, as EXAMPLES, what help opens with."""
    module = _module(command)
    parser = CommandParser(
        prog=f"cnndsl {command}",
        description=f"{COMMANDS[command]}\n\nexamples:\n{module.EXAMPLES}",
        formatter_class=_Formatter,
        allow_abbrev=False,
    )
    module.configure(parser)
    return parser


def _help() -> str:
    width = max(map(len, COMMANDS))
    lines = (f"  {name:<{width}}  {text}" for name, text in COMMANDS.items())
    return (
        f"usage: cnndsl COMMAND [ARGUMENTS]\n\n{_EXAMPLES}{chr(10).join(lines)}\n\n`cnndsl COMMAND --help` says more."
    )


def _bug(error: Exception) -> int:
    if os.environ.get("CNNDSL_DEBUG"):
        raise error
    print(f"cnndsl: this is a bug in cnndsl: {type(error).__name__}: {error}", file=sys.stderr)
    print("please report it with the command and the spec; CNNDSL_DEBUG=1 shows where it happened", file=sys.stderr)
    return 3


if __name__ == "__main__":
    entry()
