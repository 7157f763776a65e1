"""A network as one page of HTML that opens and shuts blocks, tells of each box, and leads to its line in the source.

The page asks nobody for anything: style, script, network and source are in it, and its policy forbids the rest, but for
pictures that it makes itself, to save them. What a spec says is escaped here, and set as text by the script. Without the
script there are the picture and the source.
"""

from __future__ import annotations

import base64
import hashlib
import html
import os
import re
from collections.abc import Iterable, Iterator

from ....diagnostics.text import sanitize
from ....ir import Graph
from ....source import Source
from ...engine import render
from ..heading import legend
from ..heat import HEATS
from ..look import PAGE, Look
from ..model import Box, Cluster, Picture, States
from ..palette import THEMES, WORDS
from ..picture import draw_states
from ..rendering import dot_graph
from .colours import color_rules
from .data import embedded, page_data
from .listing import listing

__all__ = ["render_page", "source_places"]

_SCRIPTS = ("network.js", "words.js", "rows.js", "tracks.js", "layout.js", "draw.js", "save.js", "page.js")
_NOTHING_ELSE = "default-src 'none'; img-src blob:; base-uri 'none'; form-action 'none'"
_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


def render_page(
    graph: Graph,
    source: Source,
    *,
    depth: int | None = None,
    expand: Iterable[str] = (),
    collapse: Iterable[str] = (),
    heat: str = "",
    theme: str = "",
    heading: str | None = None,
) -> bytes:
    """The page of a network that ``source`` describes, its blocks opened at first as in its picture; UTF-8.

    ``heat`` and ``theme`` are how it looks at first; without a theme it is as light or dark as the reader's other windows.
    ``heading`` takes the place of the title.

    Raises:
        DiagnosticError: E0011 if no block has a name of ``expand`` or ``collapse``; E0005 if nothing here draws.
    """
    states = draw_states(graph, depth=depth, expand=expand, collapse=collapse)
    if heading is not None:
        states = states.replace(picture=states.picture.replace(title=heading))
    sources = source_places(states, source)
    data = {**page_data(states, sources, PAGE["TB"]), "heat": [*HEATS].index(heat) if heat else -1}
    style = _file("page.css") + color_rules()
    script = _script()
    parts = {
        "policy": f"{_NOTHING_ELSE}; style-src {_hash(style)}; script-src {_hash(script)}",
        "theme": f' data-theme="{theme}"' if theme else "",
        "name": _escape(f"{states.picture.name}: {states.picture.title}"),
        "title": _escape(states.picture.title),
        "facts": "".join(f"<span>{_escape(fact)}</span>" for fact in states.picture.subtitle.split(" | ")),
        "label": _escape(_label(states.picture)),
        "kinds": _kinds(states),
        "shares": _shares(states),
        "picture": _static(states.picture, heat),
        "sources": "\n".join(listing(each, number) for each, number in sources.items()),
        "data": embedded(data),
        "style": style,
        "script": script,
    }
    return _PLACEHOLDER.sub(lambda found: parts[found[1]], _file("page.html")).encode()


def _script() -> str:
    """All scripts as one module."""
    return "\n" + "\n".join(map(_file, _SCRIPTS))


def _file(name: str) -> str:
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as stream:
        return stream.read()


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _escape(text: str) -> str:
    return html.escape(sanitize(text))


def _label(picture: Picture) -> str:
    return f"{picture.name}, {picture.subtitle.partition(' | ')[2]}".replace(" | ", ", ")


def source_places(states: States, source: Source) -> dict[Source, int]:
    """The sources that parts of a network come from, numbered in their order; ``source`` is the first."""
    return {each: number for number, each in enumerate(dict.fromkeys((source, *_sources(states.whole.children))))}


def _sources(children: Iterable[Box | Cluster]) -> Iterator[Source]:
    for child in children:
        if child.span is not None:
            yield child.span.source
        if isinstance(child, Cluster):
            yield from _sources(child.children)
        else:
            yield from (strip.span.source for strip in child.strips)


def _kinds(states: States) -> str:
    """The legend of all kinds that the page can show."""
    words = [word for picture in (states.whole, states.picture) for word, _ in legend(picture, THEMES["light"], "")]
    entries = ((kind, word) for kind, word in WORDS.items() if word in words)
    return "".join(f'<li><i class="{kind}"></i>{word}</li>' for kind, word in entries)


def _shares(states: States) -> str:
    entries = legend(states.whole, THEMES["light"], "params")
    words = [word.replace(" of the parameters", " of the network") for word, _ in entries]
    return "".join(f'<li><i class="heat{step}"></i>{word}</li>' for step, word in enumerate(words))


def _static(picture: Picture, heat: str) -> str:
    """The picture as ``cnndsl diagram`` draws it, without the heading, which the page has; for when no script runs."""
    digraph = dot_graph(picture, Look(heat=heat))
    del digraph.graph_attr["label"]
    drawn = render(digraph.source, "svg").decode()
    svg = drawn[drawn.index("<svg") :]
    svg = re.sub(r"<title>.*?</title>|<!--.*?-->", "", svg, flags=re.DOTALL)
    return svg.replace("<svg ", f'<svg role="img" aria-label="{_escape(_label(picture))}" ', 1)
