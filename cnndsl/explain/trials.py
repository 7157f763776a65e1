"""Edits are tried: the text is checked with them, as far as a number of trials goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ..diagnostics import Edit
from ..diagnostics.mending import apply_edits
from ..source import Source

__all__ = ["Trial", "Trials"]

Trial = Callable[[str, bool], bool]
"""Whether nothing is wrong with a text; the second argument says whether other variants that it expects figures of count."""

_MOST_QUICK, _MOST_WHOLE = 12, 4


class Trials:
    """Trials of edits of one text, after edits that were made before; without a way to try nothing is known to be clean."""

    def __init__(self, source: Source, trial: Trial | None) -> None:
        self.source = source
        self.trial = trial
        self.made: list[Edit] = []
        self._left = {False: _MOST_QUICK, True: _MOST_WHOLE}

    def is_clean(self, edits: Sequence[Edit], *, whole: bool = True) -> bool:
        """Whether nothing is wrong after these edits; False if that is not known."""
        if self.trial is None or not self._left[whole]:
            return False
        self._left[whole] -= 1
        return self.trial(apply_edits(self.source.text, [*self.made, *edits]), whole)
