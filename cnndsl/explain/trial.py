"""What is offered is tried: an edit stays that leaves nothing wrong, or, where there are several mistakes, without one of them.

The changed text is checked as a whole, contracts, expectations and all calls of a block included, without explaining it. The
steps of all trials are counted together: the same text gets the same help on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise

from ..diagnostics import Diagnostic, Edit, Fix
from ..diagnostics.kinds import shapes
from ..diagnostics.mending import apply_edits
from ..elaborate import limited_steps
from ..elaborate.budget import take_steps
from ..record import Record
from ..source import Source, Span

__all__ = ["Attempt", "Offer", "Offers", "proven"]

Attempt = Callable[[Source, int], Sequence[Diagnostic]]
"""The errors of a text, up to so many; nothing is explained."""

_MOST_STEPS = 200_000
_ENOUGH_STEPS = 60_000
"""After so many no further fix is looked for, once there is one; to read a character counts as a step too."""
_MOST_OFFERS = 3
_MARGIN = 0.5
"""What costs more than the cheapest that is right by so much is not offered besides it."""
_MOST_ERRORS = 50
_HIDING = (shapes.CONTRACT_BROKEN, shapes.EXPECT_BROKEN)
"""What is told with fixes that change what is asserted: they only hide a slip, and are tried where nothing else is right."""


class Offer(Record):
    """A fix that may be right; of those that are, the one with the least cost is the likeliest."""

    cost: float
    fix: Fix


Offers = Callable[[Diagnostic, bool], Iterable[Offer]]
"""More fixes for a mistake, the likeliest first; true if it is the only one."""


def proven(found: Sequence[Diagnostic], source: Source, attempt: Attempt, offers: Offers) -> tuple[Diagnostic, ...]:
    """The diagnostics with those of their fixes that are right, and further ones that are offered."""
    errors = [item for item in found if item.is_error]
    trials = {item: _Trial(item) for item in errors}
    with limited_steps(lambda problem, state: None, most=_MOST_STEPS) as limit:
        judge = _Judge(errors, source, attempt)
        for item, trial in trials.items():
            if item.kind not in _HIDING:
                trial.try_own(judge)
            for offer in offers(item, len(errors) == 1):
                if trial.is_done(offer, limit.left):
                    break
                trial.try_offer(judge, offer)
            if not trial.offered:
                trial.try_own(judge)
    ends_all = any(trial.ends_all for trial in trials.values())
    return tuple(trials[item].better(ends_all) if item in trials else item for item in found)


class _Judge:
    """Says which texts are right."""

    def __init__(self, errors: Sequence[Diagnostic], source: Source, attempt: Attempt) -> None:
        self.source = source
        self.attempt = attempt
        self.several = len(errors) > 1
        self.before = self._errors(source, _MOST_ERRORS) if self.several else tuple(errors)
        firsts = [item.fixes[0] for item in errors if item.fixes and item.kind not in _HIDING]
        together = self._edited([edit for fix in firsts for edit in fix.edits]) if len(firsts) == len(errors) else None
        self._right = set(firsts) if self.several and together is not None and not self._errors(together, 1) else set()
        self._known: dict[str, int] = {}

    def left(self, fix: Fix) -> int | None:
        """How many errors a fix leaves, of those that there are; None if it brings others, or takes none away."""
        if fix in self._right:
            return 0
        text = self._edited(fix.edits)
        if text is None:
            return None
        if text.text in self._known:
            return None
        left = self._errors(text, len(self.before))
        self._known[text.text] = len(left)
        before = {_key(item, fix.edits) for item in self.before} if self.several else set()
        return len(left) if len(left) < len(self.before) and all(_key(item) in before for item in left) else None

    def _errors(self, text: Source, most: int) -> Sequence[Diagnostic]:
        take_steps(len(text.text), Span(text, 0, 0))
        return self.attempt(text, most)

    def _edited(self, edits: Sequence[Edit]) -> Source | None:
        spans = sorted((edit.span.start, edit.span.end) for edit in edits)
        overlap = any(one[1] > other[0] or one == other for one, other in pairwise(spans))
        if overlap or any(edit.span.source is not self.source for edit in edits):
            return None
        return Source(self.source.name, apply_edits(self.source.text, edits), self.source.path)


class _Trial:
    """One mistake and the fixes for it that are right, each with the errors that it leaves."""

    def __init__(self, item: Diagnostic) -> None:
        self.item = item
        self.own: dict[Fix, int] = {}
        self.offered: dict[Fix, int] = {}
        self._most = float("inf")

    def try_own(self, judge: _Judge) -> None:
        """Try the fixes that the mistake was told with."""
        found = ((fix, judge.left(fix)) for fix in self.item.fixes)
        self.own.update((fix, left) for fix, left in found if left is not None)

    def is_done(self, offer: Offer, steps: int) -> bool:
        """Whether what is offered is no longer looked at."""
        enough = bool(self.offered) and steps < _MOST_STEPS - _ENOUGH_STEPS
        return enough or offer.cost > self._most or len(self.offered) == _MOST_OFFERS

    def try_offer(self, judge: _Judge, offer: Offer) -> None:
        """Try a fix that may be right."""
        left = judge.left(offer.fix)
        if left is not None:
            self.offered[offer.fix] = left
            self._most = min(self._most, offer.cost + _MARGIN)

    @property
    def ends_all(self) -> bool:
        """Whether a fix for this mistake leaves none of the others, so that all come of one slip."""
        return (self.item.kind not in _HIDING and 0 in self.own.values()) or 0 in self.offered.values()

    def better(self, ends_all: bool) -> Diagnostic:
        """The mistake with the fixes that are right, of those that end all mistakes if some do."""
        item = self.item
        own = tuple(fix for fix, left in self.own.items() if left == 0 or not ends_all)
        least = 0 if ends_all else min(self.offered.values(), default=0)
        offered = tuple(fix for fix, left in self.offered.items() if left == least)
        last = f"or {item.help[-1]}" if offered and item.kind is shapes.CONTRACT_BROKEN else None
        help_ = (*(fix.message for fix in offered), *(item.help if last is None else (*item.help[:-1], last)))
        return item.replace(help=help_, fixes=(*own, *offered))


def _key(item: Diagnostic, edits: Sequence[Edit] = ()) -> object:
    """What makes two diagnostics the same, where some edits have moved their places."""
    start = item.primary.span.start if item.primary else 0
    before = [edit for edit in edits if edit.span.end <= start]
    return item.kind, start + sum(len(edit.replacement) - (edit.span.end - edit.span.start) for edit in before)
