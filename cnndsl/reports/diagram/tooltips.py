"""What a browser shows of a part of an SVG picture that the mouse points at: the path of a layer, its shape, its formulas."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from ...diagnostics.text import sanitize
from .model import Box, Cluster, Picture

__all__ = ["with_tooltips"]

_GROUP = re.compile(rb'(<g id="([^"]+)" class="[^"]*">\n)(?:<title>[^<]*</title>\n)?')


def with_tooltips(svg: bytes, picture: Picture) -> bytes:
    """The SVG with a title in the group of each box and block, in place of its id; other groups have none.

    The first group is the whole picture, and keeps its title: the name of the network.
    """
    words = {id_: "\n".join(map(sanitize, lines)) for id_, lines in _all_lines(picture.children)}

    def titled(match: re.Match[bytes]) -> bytes:
        text = words.get(html.unescape(match[2].decode()), "")
        return match[1] + (f"<title>{html.escape(text)}</title>\n".encode() if text else b"")

    whole = re.search(rb"<title>[^<]*</title>\n", svg)
    start = whole.end() if whole else 0
    return svg[:start] + _GROUP.sub(titled, svg[start:])


def _all_lines(children: tuple[Box | Cluster, ...]) -> Iterator[tuple[str, list[str]]]:
    for child in children:
        if isinstance(child, Cluster):
            yield child.id, [child.path]
            yield from _all_lines(child.children)
        elif child.kind != "io":
            yield child.id, [*_lines(child)]


def _lines(box: Box) -> Iterator[str]:
    """What a box is, what it gives, how that is computed, and what it sees."""
    layer = ", ".join((box.heading, *box.details, *(strip.heading for strip in box.strips)))
    yield f"{box.path}: {layer}" if box.path else layer
    yield f"output {box.output}"
    yield from box.formulas
    if box.field:
        yield f"receptive field {box.field}"
