"""Builds the website of these pages with zensical: ``python docs/website.py [FOLDER]``, by default into build/website.

Zensical comes with ``pip install -e '.[dev]'``.

The pages are written for GitHub. Here they are copied to where zensical looks for them, with the errors and the specs as
pages of their own, links that lead there, and fences without the words for the tests.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from cnndsl.analysis.codes import all_kinds, explanation

DOCS = Path(__file__).parent
ROOT = DOCS.parent
NAV = {
    "Home": "index.md",
    "Tutorial": "tutorial.md",
    "How to": "how-to",
    "The language": "language.md",
    "Gallery": "gallery/index.md",
    "Results": "results.md",
    "Speed and memory": "scaling.md",
    "Reference": "reference",
    "Errors and warnings": "errors",
    "Decisions": "decisions",
    "Contributing": "contributing.md",
}
SETTINGS = {
    "site_name": "cnndsl",
    "site_description": "A language and a compiler for convolutional networks",
    "docs_dir": "docs",
    "site_dir": "site",
    "theme": {"features": ["content.code.copy", "navigation.indexes", "navigation.top", "search.highlight"]},
    "markdown_extensions": {
        "tables": {},
        "md_in_html": {},
        "toc": {"permalink": True},
        "pymdownx": {"highlight": {"pygments_lang_class": True}, "inlinehilite": {}, "superfences": {}},
    },
}
LINKS = (
    (r"\.\./\.\./cnndsl/diagnostics/pages/", "../errors/"),
    (r"\.\./\.\./specs/(\w+)\.cnn", r"../specs/\1.md"),
    (r"(\.\./)?(\w+)/README\.md", r"\1\2/index.md"),
    (r"(?<=\()reference\)", "reference/index.md)"),
)


def pages() -> dict[str, str]:
    """The Markdown of every page by its path in the website."""
    found = {}
    for path in sorted(DOCS.rglob("*.md")):
        name = path.relative_to(DOCS).as_posix().replace("README.md", "index.md")
        found[name] = for_website(path.read_text(encoding="utf-8"))
    for code in all_kinds():
        found[f"errors/{code}.md"] = for_website(explanation(code))
    for path in sorted((ROOT / "specs").glob("*.cnn")):
        found[f"specs/{path.stem}.md"] = f"# {path.name}\n\n```cnn\n{path.read_text(encoding='utf-8')}```\n"
    return found


def for_website(text: str) -> str:
    """A page with links into the website, and with the language alone after the beginning of a fence."""
    for pattern, path in LINKS:
        text = re.sub(pattern, path, text)
    return re.sub(r"^( *```\w+)[^\n`]+$", r"\1", text, flags=re.MULTILINE)


def navigation(found: dict[str, str]) -> list[dict[str, object]]:
    """What the pages are called and where they are; a folder is all of its pages, the index first."""
    nav: list[dict[str, object]] = []
    for title, target in NAV.items():
        if target in found:
            nav.append({title: target})
        elif inside := [name for name in found if name.startswith(f"{target}/")]:
            nav.append({title: sorted(inside, key=lambda name: (not name.endswith("/index.md"), name))})
    return nav


def prepare(folder: Path) -> None:
    """Write what zensical reads: its settings, the pages and the pictures."""
    found = pages()
    for name, text in found.items():
        path = folder / "docs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for path in DOCS.rglob("*.svg"):
        target = folder / "docs" / path.relative_to(DOCS)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    project = {**SETTINGS, "nav": navigation(found)}
    lines = [f"{key} = {toml(value)}" for key, value in project.items()]
    (folder / "zensical.toml").write_text("\n".join(["[project]", *lines, ""]), encoding="utf-8")


def toml(value: object) -> str:
    """A value of the settings as TOML writes it."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{json.dumps(key)} = {toml(item)}' for key, item in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(toml, value))}]"
    return json.dumps(value, ensure_ascii=False)


def build(folder: Path) -> int:
    """Build the website into ``folder``/site, and stop at the first warning; the exit code of zensical."""
    if find_spec("zensical") is None:
        sys.exit("zensical is not installed: pip install -e '.[dev]'")
    shutil.rmtree(folder, ignore_errors=True)
    prepare(folder)
    command = [sys.executable, "-m", "zensical", "build", "--clean", "--strict", "--config-file", "zensical.toml"]
    return subprocess.run(command, cwd=folder, check=False).returncode


if __name__ == "__main__":
    sys.exit(build(Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "website"))
