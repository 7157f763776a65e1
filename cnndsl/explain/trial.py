"""What is offered is tried: an edit stays that leaves nothing wrong, or, where there are several mistakes, without one of them.

The changed text is checked as a whole, contracts, expectations and all calls of a block included, without explaining it. The
steps of all trials are counted together: the same text gets the same help on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import pairwise

from ..diagnostics import Diagnostic, Fix
from ..diagnostics.fixing import apply_edits
from ..diagnostics.kinds import shapes
from ..elaborate import limited_steps
from ..elaborate.budget import take_steps
from ..record import Record
from ..source import Source, Span

__all__ = ["Attempt", "Offer", "Offers", "proven"]

Attempt = Callable[[Source, int], Sequence[Diagnostic]]
"""The errors of a text, up to so many; nothing is explained."""

_MOST_STEPS = 90_000
_ENOUGH_TEXTS = 10
"""After so many no further fix is looked for, once there is one."""
_STEPS_OF_ERROR = 200  # it takes about as long to find one
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


def proven(
    found: Sequence[Diagnostic],
    source: Source,
    attempt: Attempt,
    offers: Offers,
    before: Sequence[Diagnostic] | None = None,
) -> tuple[Diagnostic, ...]:
    """The diagnostics with those of their fixes that are right, and further ones that are offered.

    ``before`` is what an attempt at the text as it is would find, if that is known.
    """
    errors = [item for item in found if item.is_error]
    own: dict[Diagnostic, dict[Fix, int]] = {item: {} for item in errors}  # as far as the steps suffice
    offered = dict(own)
    with limited_steps(lambda problem, state: None, most=_MOST_STEPS):
        judge = _Judge(errors, source, attempt, before)
        for item in errors:
            own[item] = judge.right(item.fixes) if item.kind not in _HIDING else {}
            offered[item] = _offered(judge, offers(item, len(errors) == 1))
            if item.kind in _HIDING and not offered[item]:
                own[item] = judge.right(item.fixes)
    of_own = (left for item in errors if item.kind not in _HIDING for left in own[item].values())
    ends_all = 0 in (*of_own, *(left for each in offered.values() for left in each.values()))
    return tuple(_better(item, own[item], offered[item], ends_all) if item in own else item for item in found)


def _offered(judge: _Judge, offers: Iterable[Offer]) -> dict[Fix, int]:
    """The fixes that are right of those that may be, each with the errors that it leaves."""
    found: dict[Fix, int] = {}
    most, enough = float("inf"), len(judge.tried) + _ENOUGH_TEXTS
    for offer in offers:
        if offer.cost > most or (found and len(judge.tried) > enough):
            break
        right = judge.right([offer.fix])
        found |= right
        most = min(most, offer.cost + _MARGIN) if right else most
        if len(found) == _MOST_OFFERS:
            break
    return found


def _better(item: Diagnostic, own: Mapping[Fix, int], offered: Mapping[Fix, int], ends_all: bool) -> Diagnostic:
    """A mistake with the fixes that are right, of those that end all mistakes if some do."""
    fixes, kept = ([fix for fix, left in each.items() if not (left and ends_all)] for each in (own, offered))
    is_enough = any(fix.certain for fix in kept) or (kept and item.kind is shapes.WRONG_RANK)
    help_ = () if is_enough else item.help
    if kept and help_ and item.kind is shapes.CONTRACT_BROKEN:
        help_ = (*help_[:-1], f"or {help_[-1]}")
    return item.replace(help=(*(fix.message for fix in kept), *help_), fixes=(*fixes, *kept))


class _Judge:
    """Says which texts are right."""

    def __init__(
        self, errors: Sequence[Diagnostic], source: Source, attempt: Attempt, before: Sequence[Diagnostic] | None
    ) -> None:
        self.errors = errors
        self.source = source
        self.attempt = attempt
        self._known = before
        self.tried: set[str] = set()

    @cached_property
    def before(self) -> Sequence[Diagnostic]:
        """What an attempt at the text as it is finds."""
        if self._known is None and len(self.errors) > 1:
            return self._errors(self.source, _MOST_ERRORS)
        return self._known or self.errors

    def right(self, fixes: Iterable[Fix]) -> dict[Fix, int]:
        """The fixes that are right, each with the number of errors that it leaves."""
        found = ((fix, self._left(fix)) for fix in fixes)
        return {fix: left for fix, left in found if left is not None}

    def _left(self, fix: Fix) -> int | None:
        """How many errors a fix leaves, of those that there are; None if it brings others, or takes none away."""
        spans = sorted((edit.span.start, edit.span.end) for edit in fix.edits)
        overlap = any(one[1] > other[0] or one == other for one, other in pairwise(spans))
        if overlap or any(edit.span.source is not self.source for edit in fix.edits):
            return None
        text = apply_edits(self.source.text, fix.edits)
        if text in self.tried:
            return None
        self.tried.add(text)
        left = self._errors(Source(self.source.name, text, self.source.path), len(self.before))
        is_less = Counter(item.kind for item in left) < Counter(item.kind for item in self.before)
        return len(left) if not left or (is_less and len(self.errors) > 1) else None

    def _errors(self, text: Source, most: int) -> Sequence[Diagnostic]:
        found = self.attempt(text, most)
        take_steps(len(text.text) + _STEPS_OF_ERROR * len(found), Span(text, 0, 0))
        return found
