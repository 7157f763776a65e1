"""Writes what is made from the code and the specs: docs/reference, docs/gallery and specs/figures.json.

Run ``python docs/generate.py`` after a change.
"""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import groupby
from pathlib import Path

from cnndsl import Checked, Diagnostic, DiagnosticError, Model, check_text, load
from cnndsl.analysis.fit import misfit
from cnndsl.backends import BACKENDS, find_backend
from cnndsl.cli.main import COMMANDS, make_parser
from cnndsl.ir import Graph
from cnndsl.ops import Operator
from cnndsl.reading import FIGURES, Entry, zoo_entries
from cnndsl.reports import reference
from cnndsl.reports.diagram import Look, Picture, draw_picture, render_picture
from cnndsl.sklearn import CnnClassifier
from cnndsl.training import TrainingResult, Weights

FOLDER = Path(__file__).parent / "reference"
GALLERY = Path(__file__).parent / "gallery"
SPECS = Path(__file__).parents[1] / "specs"

PYTHON = (load, check_text, Model, Checked, Diagnostic, DiagnosticError, TrainingResult, Weights, CnnClassifier)
"""What people use from Python."""

VOLUMES = ("lenet5", "alexnet")
"""The specs that are shown in the classic style too."""

BEGINNING = """\
# Gallery

The networks that ship with cnndsl, by their published names. Each is a spec whose contracts carry the figures of its paper,
so that `cnndsl check` proves them; `cnndsl summary zoo:resnet50` and `cnndsl diagram zoo:resnet50 -o resnet50.svg` show one.
MACs are the multiply-accumulates of one prediction.
"""


def pages() -> dict[str, str]:
    """Every page of the reference by the name of its file."""
    return {
        "blocks.md": reference.render_blocks(),
        "command-line.md": reference.render_command_line(COMMANDS, {name: make_parser(name) for name in COMMANDS}),
        "diagnostics.md": reference.render_diagnostics(),
        "functions.md": reference.render_functions(),
        "grammar.md": reference.render_grammar(),
        "python.md": reference.render_python(PYTHON),
        "operators.md": reference.render_operators(BACKENDS, refusals()),
        "settings.md": reference.render_settings(),
        "warnings.md": reference.render_warnings(),
    }


def refusals() -> reference.Refusals:
    """What the backends refuse, by operator."""
    found: dict[type[Operator], list[tuple[str, str]]] = defaultdict(list)
    for name in BACKENDS:
        for limitation in find_backend(name).limitations:
            found[limitation.operator].append((limitation.backend, limitation.reason))
    return found


def gallery() -> dict[str, str]:
    """The page of the gallery and its pictures by the names of their files: every spec as it is without settings."""
    entries = sorted(zoo_entries().values(), key=lambda entry: entry.file)
    found, sections = {}, [BEGINNING]
    for file, group in groupby(entries, key=lambda entry: entry.file):
        name = file.removesuffix(".cnn")
        found |= pictures(name, draw_picture(load(str(GALLERY.parents[1] / "specs" / file)).graph))
        sections.append(
            section(name, [file for file in found if file.startswith((f"{name}.", f"{name}-"))], list(group))
        )
    return {**found, "README.md": "\n".join(sections)}


def pictures(name: str, picture: Picture) -> dict[str, str]:
    """The pictures of one spec."""
    looks = {f"{name}.svg": Look()} | ({f"{name}-volumes.svg": Look(style="volumes")} if name in VOLUMES else {})
    return {file: render_picture(picture, look, "svg").decode() for file, look in looks.items()}


def section(name: str, files: list[str], entries: list[Entry]) -> str:
    """What a spec says of itself, its pictures, and the figures of the networks that it makes."""
    graphs = {entry.name: load(f"zoo:{entry.name}").graph for entry in entries}
    title, *rest = next(iter(graphs.values())).doc.split("\n")
    lines = [f"## [{name}](../../specs/{name}.cnn)", "", f"{title}.", *rest, ""]
    lines += [f"![{file.removesuffix('.svg')}]({file})\n" for file in files]
    lines += ["| network | input | output | parameters | MACs |", "|---|---|---|---:|---:|"]
    return "\n".join([*lines, *(row(*item) for item in graphs.items()), ""])


def figures() -> str:
    """The figures of every shipped network, as `cnndsl zoo` prints them without building any."""
    rows = {name: figures_of(load(f"zoo:{name}"), entry) for name, entry in zoo_entries().items()}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in rows.items())
    return f"{{\n{lines}\n}}\n"


def figures_of(model: Model, entry: Entry) -> dict[str, object]:
    """The figures of one network, and what it is trained on if its spec says that."""
    graph, recipe = model.graph, model.checked.recipe
    return {
        "file": entry.file,
        "title": graph.doc.split("\n")[0],
        "settings": entry.settings,
        "input": list(graph.input.type.shape),
        "output": list(graph.output.type.shape),
        "parameters": graph.parameter_count,
        "macs": graph.macs,
        "data": recipe.data.name if recipe and misfit(graph, recipe) is None else None,
    }


def row(name: str, graph: Graph) -> str:
    """A network in the table of its spec."""
    return f"| `{name}` | {graph.input.type} | {graph.output.type} | {graph.parameter_count:,} | {graph.macs:,} |"


def write(folder: Path, files: dict[str, str]) -> None:
    """Write generated files, the same bytes on every system."""
    folder.mkdir(exist_ok=True)
    for file, text in files.items():
        (folder / file).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(FOLDER, pages())
    write(GALLERY, gallery())
    write(SPECS, {FIGURES: figures()})
