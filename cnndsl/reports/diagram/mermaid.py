"""A picture as a Mermaid flowchart, which GitHub, GitLab and many editors draw in Markdown.

Mermaid lays it out by itself. Every character that could mean something to it is written as the number of its code point.
"""

from __future__ import annotations

from collections.abc import Iterator

from ...diagnostics.text import sanitize
from .heat import figure_for, fill_for
from .labels import short_name
from .model import Box, Cluster, Picture
from .palette import Theme

__all__ = ["to_mermaid"]

_INDENT = "    "
_PLAIN = frozenset(" .,:()[]=+*/?!_-")


def to_mermaid(picture: Picture, theme: Theme, heat: str = "", direction: str = "TB") -> str:
    """The text of a ``.mmd`` file."""
    names = {box.id: f"n{number}" for number, box in enumerate(picture.boxes)}
    titled = ["---", f'title: "{_yaml(picture.title)}"', "---"] if picture.title else []
    lines = [*titled, f"flowchart {direction}"]
    lines += _nodes(picture, picture.children, names, heat, _INDENT)
    for edge in picture.edges:
        arrow = "-.->" if edge.is_skip else "-->"
        lines.append(f'{_INDENT}{names[edge.source]} {arrow}|"{_escape(edge.label)}"| {names[edge.target]}')
    lines += [f"{_INDENT}{line}" for line in _styles(picture, theme, names, heat)]
    return "\n".join(lines) + "\n"


def _nodes(
    picture: Picture, children: tuple[Box | Cluster, ...], names: dict[str, str], heat: str, indent: str
) -> Iterator[str]:
    for child in children:
        if isinstance(child, Box):
            opening, closing = ("([", "])") if child.kind == "io" else ("[", "]")
            text = "<br/>".join(_escape(line) for line in _lines(child, picture, heat))
            yield f'{indent}{names[child.id]}{opening}"{text}"{closing}:::{child.kind}'
            continue
        yield f'{indent}subgraph {_cluster_name(child, names)}["{_escape(_title(child))}"]'
        yield from _nodes(picture, child.children, names, heat, indent + _INDENT)
        yield f"{indent}end"


def _cluster_name(cluster: Cluster, names: dict[str, str]) -> str:
    """That of its first box, wherever that is, and how many clusters lie between."""
    depth = 0
    child: Box | Cluster = cluster
    while isinstance(child, Cluster):
        child = child.children[0]
        depth += 1
    return f"c{depth}{names[child.id]}"


def _title(cluster: Cluster) -> str:
    times = f"x{cluster.count}" if cluster.count > 1 else ""
    return " ".join(filter(None, (short_name(cluster.name), cluster.title, times))) or "sequence"


def _lines(box: Box, picture: Picture, heat: str) -> Iterator[str]:
    times = f" x{box.count}" if box.count > 1 else ""
    yield box.heading + times
    facts = (short_name(box.name), *box.details, *(strip.heading for strip in box.strips))
    if any(facts):
        yield ", ".join(dict.fromkeys(filter(None, facts)))
    figure = figure_for(heat, picture.cost)(box)
    if figure:
        yield figure


def _styles(picture: Picture, theme: Theme, names: dict[str, str], heat: str) -> Iterator[str]:
    for kind in dict.fromkeys(box.kind for box in picture.boxes):
        paint = theme.kinds[kind]
        yield f"classDef {kind} fill:{paint.fill},stroke:{paint.border},color:{theme.ink}"
    if heat:
        for box in picture.boxes:
            yield f"style {names[box.id]} fill:{fill_for(box, theme, heat, picture.cost)}"


def _yaml(text: str) -> str:
    """A text between the quotes of YAML."""
    return "".join(
        char if (char.isascii() and char.isalnum()) or char in _PLAIN else f"\\U{ord(char):08x}"
        for char in sanitize(text)
    )


def _escape(text: str) -> str:
    return "".join(
        char if (char.isascii() and char.isalnum()) or char in _PLAIN else f"#{ord(char)};" for char in sanitize(text)
    )
