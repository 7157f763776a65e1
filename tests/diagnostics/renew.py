"""Writes the texts and diffs of the pages beside this file again: ``python -m tests.diagnostics.renew``.

Look at what changed before you keep it. Codes and lines stay as they are, for they are what must be right, and cases that
disagree with them are listed; ``--codes`` writes these too.
"""

from __future__ import annotations

import os
import sys

from . import situations
from .cases import PAGES, found, parse, renewed, write


def main(arguments: list[str]) -> int:
    """Write the pages. Exit code 1 if a code or a line is another than its page says."""
    os.environ["NO_COLOR"] = "1"
    os.environ.pop("CNNDSL_DATA_DIR", None)
    pages = [(path, *parse(path)) for path in PAGES]
    done = renewed([case for _, _, cases in pages for case in cases], codes="--codes" in arguments)
    wrong = []
    for path, opening, cases in pages:
        new = [next(done) for _ in cases]
        path.write_text(write(opening, new), encoding="utf-8")
        wrong += [case for case in new if found(case) != case.mistakes]
    opening, _ = situations.parse()
    entries = [(situation.name, situations.shown(situation)) for situation in situations.SITUATIONS]
    situations.PAGE.write_text(situations.write(opening, entries), encoding="utf-8")
    for case in wrong:
        print(f"{case}: expected {case.mistakes}, found {found(case)}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
