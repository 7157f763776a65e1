"""What is offered is tried: an edit stays that leaves nothing wrong, or, where there are several mistakes, without one of them.

The changed text is checked as a whole, contracts, expectations and all calls of a block included, without explaining it. The
steps of all trials are counted together: the same text gets the same help on every machine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise

from ..diagnostics import Diagnostic, Fix
from ..diagnostics.fixing import apply_edits
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


class Offer(Record):
    """A fix that may be right; of those that are, the one with the least cost is the likeliest."""

    cost: float
    fix: Fix


Offers = Callable[[Diagnostic], Iterable[Offer]]
"""More fixes for a mistake, the likeliest first."""


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
    right: dict[Diagnostic, dict[Fix, int]] = {item: {} for item in errors}  # as far as the steps suffice
    with limited_steps(lambda problem, state: None, most=_MOST_STEPS):
        judge = _Judge(errors, source, attempt, before)
        for item in errors:
            right[item] = _offered(judge, offers(item)) or judge.right(item.fixes)
    ends_all = any(0 in each.values() for each in right.values())
    return tuple(_better(item, right[item], ends_all) if item in right else item for item in found)


def _offered(judge: _Judge, offers: Iterable[Offer]) -> dict[Fix, int]:
    """The fixes that are right of those that may be, each with the errors that it leaves."""
    found: dict[Fix, int] = {}
    most, enough = float("inf"), len(judge.tried) + _ENOUGH_TEXTS
    for offer in offers:
        if offer.cost > most or len(found) == _MOST_OFFERS or (found and len(judge.tried) > enough):
            break
        right = judge.right([offer.fix])
        found |= right
        most = min(most, offer.cost + _MARGIN) if right else most
    return found


def _better(item: Diagnostic, right: Mapping[Fix, int], ends_all: bool) -> Diagnostic:
    """A mistake with the fixes that are right, of those that end all mistakes if some do."""
    fixes = tuple(fix for fix, left in right.items() if not (left and ends_all))
    offered = [fix for fix in fixes if fix not in item.fixes]
    help_ = () if any(fix.certain for fix in offered) else item.help
    return item.replace(help=(*(fix.message for fix in offered), *help_), fixes=fixes)


class _Judge:
    """Says which texts are right."""

    def __init__(
        self, errors: Sequence[Diagnostic], source: Source, attempt: Attempt, before: Sequence[Diagnostic] | None
    ) -> None:
        self.source = source
        self.attempt = attempt
        self.is_one = len(errors) == 1
        self.before = before or (errors if self.is_one else self._errors(source, _MOST_ERRORS)) or errors
        """What an attempt at the text as it is finds."""
        self.tried: set[str] = set()

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
        return len(left) if not left or (is_less and not self.is_one) else None

    def _errors(self, text: Source, most: int) -> Sequence[Diagnostic]:
        take_steps(len(text.text), Span(text, 0, 0))  # first: what is too much is not begun
        found = self.attempt(text, most)
        take_steps(_STEPS_OF_ERROR * len(found), Span(text, 0, 0))
        return found
