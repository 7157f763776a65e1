"""``python -m cnndsl``: the command line without its script."""

from __future__ import annotations

from .cli.main import entry

entry()
