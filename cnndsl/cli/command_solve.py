"""``cnndsl solve``."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, ArgumentTypeError, Namespace

from ..api import solve_layer_of, solve_source
from ..attributes import LARGEST
from ..source import Source
from .output import print_document, write_text
from .specs import add_format, add_spec, read, read_settings

__all__ = ["EXAMPLES", "configure", "run"]

EXAMPLES = """\
  cnndsl solve zoo:alexnet
  cnndsl solve model.cnn --input 3x?x224 --up-to 512
  cnndsl solve zoo:alexnet --layer features.0 --output 56
  cnndsl solve "conv 64 11x11 stride=4" --input 3x224x224 --output 55
"""

_LARGEST = 8192


def configure(parser: ArgumentParser) -> None:
    """Declare the arguments."""
    add_spec(parser, "the input, with `?` for each size to search, such as 3x?x? (default: height and width)")
    parser.add_argument(
        "--up-to",
        metavar="N",
        type=_up_to,
        default=2048,
        help=f"the largest size to try (default: 2048; at most {_LARGEST})",
    )
    parser.add_argument(
        "--layer",
        metavar="PATH",
        help="say instead what to change in this layer, so that it gives the size of --output",
    )
    parser.add_argument(
        "--output", metavar="SIZE", type=_size, help="the size that the layer should give: 55 or 64x55x55"
    )
    add_format(parser)


def run(arguments: Namespace) -> int:
    """Tell which inputs suit a network, or what to change of a layer; 2 if the question is not whole."""
    is_layer = _is_layer(arguments.spec)
    problem = _problem(arguments, is_layer)
    if problem:
        print(f"cnndsl solve: {problem}", file=sys.stderr)
        return 2
    if is_layer or arguments.layer:
        return _solve_layer(arguments, _layer_source(arguments) if is_layer else None)
    from ..reports.sizes import render_sizes, sizes_to_json

    source, settings = read(arguments.spec)
    settings = {**settings, **read_settings(arguments.settings)}
    found = solve_source(source, settings, arguments.network, _shape(arguments.input), arguments.up_to)
    if arguments.format == "json":
        print_document("sizes", sizes_to_json(found))
    else:
        write_text(render_sizes(found), sys.stdout)
    return 0 if found.legal else 1


def _solve_layer(arguments: Namespace, source: Source | None) -> int:
    from ..reports.layer_sizes import layer_sizes_to_json, render_layer_sizes

    settings: dict[str, object] = {}
    if source is None:
        source, settings = read(arguments.spec)
    settings = {**settings, **read_settings(arguments.settings)}
    shape = _shape(arguments.input)
    found = solve_layer_of(source, arguments.layer, arguments.output, settings, arguments.network, shape)
    if arguments.format == "json":
        print_document("layer-sizes", layer_sizes_to_json(found))
    else:
        write_text(render_layer_sizes(found), sys.stdout)
    return 0 if found.advice or found.is_given else 1


def _is_layer(spec: str) -> bool:
    """Whether a layer is written instead of the name of a spec: it has a blank, and no file is called so."""
    return " " in spec.strip() and not os.path.exists(spec)


def _layer_source(arguments: Namespace) -> Source:
    """A network of this one layer."""
    return Source("<layer>", f"network Layer {{\n    input {arguments.input}\n    {arguments.spec}\n}}\n")


def _problem(arguments: Namespace, is_layer: bool) -> str:
    """What is missing of the question, or too much."""
    asks_layer = is_layer or arguments.layer is not None
    if asks_layer and arguments.output is None:
        return "say which size the layer is to give, as in `--output 55`"
    if not asks_layer and arguments.output is not None:
        return "say which layer is to give this output, as in `--layer conv1`"
    if is_layer and (arguments.input is None or arguments.layer is not None):
        return "a layer alone needs its `--input 3x224x224`, and no `--layer`"
    if arguments.input is not None and _shape(arguments.input) is None:
        return f"`--input {arguments.input}` is not a shape: write 3x224x224, or 3x?x? to ask about sizes"
    if asks_layer and "?" in (arguments.input or ""):
        return "a layer is asked about for one input: give all its sizes"
    return ""


def _shape(text: str | None) -> tuple[int | None, ...] | None:
    """A shape with None for each ``?``; None if there is none, or the text is none."""
    extents = [] if text is None else text.split("x")
    if not extents or not all(extent == "?" or _is_size(extent, LARGEST) for extent in extents):
        return None
    return tuple(None if extent == "?" else int(extent) for extent in extents)


def _is_size(text: str, largest: int) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= len(str(largest)) and 1 <= int(text) <= largest


def _up_to(text: str) -> int:
    if not _is_size(text, _LARGEST):
        raise ArgumentTypeError(f"expected a whole number from 1 to {_LARGEST}, found {text!r}")
    return int(text)


def _size(text: str) -> tuple[int, ...]:
    extents = text.split("x")
    if not all(_is_size(extent, LARGEST) for extent in extents):
        raise ArgumentTypeError(f"expected a size such as 55, or a shape such as 64x55x55, found {text!r}")
    return tuple(map(int, extents))
