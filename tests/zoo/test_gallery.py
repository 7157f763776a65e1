"""docs/gallery lists every shipped network with its source and counts, and is made of the specs themselves.

``pytest tests/zoo/test_gallery.py --update-goldens`` writes it anew. A picture beside it, called as the network, is shown.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

from cnndsl.reading import Entry, zoo_entries

from .references import zoo_graph

GALLERY = Path(__file__).parents[2] / "docs" / "gallery"
BEGINNING = """\
# Gallery

The networks that ship with cnndsl, by their published names. Each is a spec whose contracts carry the figures of its paper,
so that `cnndsl check` proves them; `cnndsl summary zoo:resnet50` and `cnndsl diagram zoo:resnet50` show one. MACs are the
multiply-accumulates of one prediction.
"""


def test_the_gallery_is_that_of_the_specs(golden) -> None:
    entries = sorted(zoo_entries().values(), key=lambda entry: entry.file)
    sections = [section(file, list(group)) for file, group in groupby(entries, key=lambda entry: entry.file)]
    golden(str(GALLERY / "README.md"), "\n".join([BEGINNING, *sections]))


def section(file: str, entries: list[Entry]) -> str:
    doc = zoo_graph(entries[0].name).doc
    title, *rest = doc.split("\n")
    assert title, f"no `##` comment above the network of {file}"
    lines = [f"## [{file.removesuffix('.cnn')}](../../specs/{file})", "", f"{title}.", *rest]
    lines += ["", *pictures(entries), "| network | input | output | parameters | MACs |", "|---|---|---|---:|---:|"]
    return "\n".join([*lines, *map(row, entries), ""])


def pictures(entries: list[Entry]) -> list[str]:
    found = [f"![{entry.name}]({entry.name}.svg)" for entry in entries if (GALLERY / f"{entry.name}.svg").exists()]
    return [*found, ""] if found else []


def row(entry: Entry) -> str:
    graph = zoo_graph(entry.name)
    figures = f"{graph.input.type} | {graph.output.type} | {graph.parameter_count:,} | {graph.macs:,}"
    return f"| `{entry.name}` | {figures} |"
