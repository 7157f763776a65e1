"""``cnndsl import``."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace

from ..diagnostics import Diagnostic, DiagnosticError, Diagnostics
from ..diagnostics.json import to_json
from ..diagnostics.kinds import files, names
from ..elaborate import parse_setting
from ..files import write_atomically
from ..importing import Imported, import_source
from .output import print_diagnostics, print_document, write_text
from .specs import add_format, read, read_settings

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl import model.py -o model.cnn
  cnndsl import model.py --network Net --input 3x32x32
  cnndsl import yolov3-tiny.cfg -o tiny.cnn
  cnndsl import - < model.py

FILE has a model of PyTorch (`nn.Sequential(...)`, `class Net(nn.Module)`), of Keras (`Sequential([...])`, a functional
model), or is a Darknet `.cfg`. Python is read and never run. The exit code is 1 if a part of the model was left out.
"""


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("file", metavar="FILE", help="the file with the model, or - for standard input")
    parser.add_argument("-o", "--output", metavar="SPEC", help="the spec to write (default: stdout)")
    parser.add_argument("--network", metavar="NAME", help="which class, variable or function, if there are several")
    parser.add_argument(
        "--input", metavar="SHAPE", help="the size of the input, such as 3x224x224, if the file does not say it"
    )
    parser.add_argument(
        "--set",
        metavar="NAME=VALUE",
        dest="settings",
        action="append",
        default=[],
        help="an argument of the model's __init__: num_classes=10",
    )
    parser.add_argument("--force", action="store_true", help="write even if the spec exists")
    add_format(parser)


def run(arguments: Namespace) -> int:
    """Make a spec of a model; 1 if it is not the whole model."""
    path = arguments.output
    if path is not None and path != "-" and os.path.exists(path) and not arguments.force:
        raise DiagnosticError(
            Diagnostic(
                files.FILE_EXISTS,
                f"`{path}` exists, and would be overwritten",
                help=("choose another name, or add --force",),
            )
        )
    source, _ = read(arguments.file)
    shape = None if arguments.input is None else _shape(arguments.input)
    imported = import_source(source, shape, arguments.network, read_settings(arguments.settings))
    if arguments.format == "json":
        _print_json(imported)
    else:
        print_diagnostics(imported.diagnostics, sys.stderr)
    if imported.text:
        _write(imported, arguments)
    return int(imported.has_errors)


def _write(imported: Imported, arguments: Namespace) -> None:
    if arguments.output in (None, "-"):
        if arguments.format != "json":
            write_text(imported.text, sys.stdout)
        return
    write_atomically(arguments.output, imported.text.encode())
    print(f"wrote {arguments.output}{_figures(imported)}", file=sys.stderr)


def _figures(imported: Imported) -> str:
    graph = imported.checked.graph if imported.checked is not None else None
    if graph is None:
        return ""
    return f"; {graph.name}: {graph.input.type} -> {graph.output.type}, {graph.parameter_count:,} parameters"


def _print_json(imported: Imported) -> None:
    graph = imported.checked.graph if imported.checked is not None else None
    print_document(
        "import",
        {
            "spec": imported.text or None,
            "network": None if graph is None else graph.name,
            "parameters": None if graph is None else graph.parameter_count,
            "diagnostics": [to_json(item) for item in imported.diagnostics],
        },
    )


def _shape(text: str) -> tuple[int | None, ...]:
    """The sizes of ``3x224x224``, ``?`` for a free one."""
    diagnostics = Diagnostics()
    value = parse_setting(text.replace("?", "0"), diagnostics, "--input")
    diagnostics.raise_errors()
    extents = value if isinstance(value, tuple) else (value,)
    if not all(isinstance(extent, int) and extent >= 0 for extent in extents):
        raise DiagnosticError(
            Diagnostic(names.WRONG_VALUE, f"`--input {text}` is not a shape", help=("write 3x224x224",))
        )
    return tuple(extent or None for extent in extents)
