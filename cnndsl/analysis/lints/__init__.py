"""Lints: what is valid and hardly what was meant.

To add one: give it a kind in ``diagnostics/kinds/lints.py`` and a page in ``diagnostics/pages``; write a function from a
:class:`~.network.Network` to what it finds, in the module of its family here; and list it in ``NETWORK_LINTS`` of
``linter.py``. A lint of the text alone goes from the file to diagnostics, and into ``TEXT_LINTS``. A wrong spec in
``tests/diagnostics`` shows it, and ``tests/analysis/test_lints.py`` has a near miss. That a place is expanded many times,
and that a comment may allow the warning, is no concern of the lint.
"""

from __future__ import annotations

from .linter import Linter

__all__ = ["Linter"]
