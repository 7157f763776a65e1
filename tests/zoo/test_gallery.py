"""docs/gallery shows every shipped network with its picture, source and counts, as ``python docs/generate.py`` makes it."""

from __future__ import annotations

import runpy
from pathlib import Path

from cnndsl.reading import FIGURES, zoo_entries

DOCS = Path(__file__).parents[2] / "docs"


def test_the_gallery_is_that_of_the_specs() -> None:
    made = runpy.run_path(str(DOCS / "generate.py"))["gallery"]()
    found = {path.name: path.read_text(encoding="utf-8") for path in (DOCS / "gallery").iterdir()}
    assert set(found) == set(made), "run `python docs/generate.py`, and remove what it no longer writes"
    stale = [name for name, text in made.items() if found[name] != text]
    assert not stale, "run `python docs/generate.py`"


def test_the_figures_of_the_zoo_are_those_of_its_specs() -> None:
    figures = runpy.run_path(str(DOCS / "generate.py"))["figures"]()
    assert figures == (DOCS.parent / "specs" / FIGURES).read_text(encoding="utf-8")


def test_every_spec_has_a_picture_and_every_network_a_row() -> None:
    page = (DOCS / "gallery" / "README.md").read_text(encoding="utf-8")
    for entry in zoo_entries().values():
        assert f"({entry.file.removesuffix('.cnn')}.svg)" in page
        assert f"| `{entry.name}` |" in page
