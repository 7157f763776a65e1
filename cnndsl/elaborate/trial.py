"""What is offered is tried: of the changes that would mend a shape those are kept with which the whole spec agrees.

A layer that is wrong may show far below, at a contract, in the rounds of a loop or in a count. So where no change is known, or
the known ones lead to other mistakes, single slips are tried on the text (:mod:`cnndsl.elaborate.slips`). All of it costs
a bounded number of steps, counted and not timed: the same text gives the same help.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import isqrt

from ..diagnostics import Diagnostic, Diagnostics, Edit, Fix
from ..diagnostics.kinds import shapes
from ..diagnostics.mending import apply_edits
from ..ir import Graph
from ..source import Source
from ..syntax import ast
from .expectations import QUANTITIES
from .slips import Slip, numbers, replaced, slips
from .steps import limited_steps, take_steps

__all__ = ["Attempt", "proven"]

Attempt = Callable[[Source, bool], tuple[tuple[Diagnostic, ...], Graph | None]]
"""The errors of a text and its graph; with false, what is expected of it is not held."""

_MOST_STEPS = 120_000
"""About half a second; to read a character counts as a step."""
_OF_SHAPES = (
    shapes.WINDOW_TOO_LARGE,
    shapes.CONTRACT_BROKEN,
    shapes.EXPECT_BROKEN,
    shapes.SUM_MISMATCH,
    shapes.CONCAT_MISMATCH,
    shapes.PRODUCT_MISMATCH,
    shapes.RESIDUAL_MISMATCH,
)


def proven(found: Sequence[Diagnostic], file: ast.File, attempt: Attempt) -> tuple[Diagnostic, ...]:
    """The errors of a file; if it is one of shapes, with what would mend it and breaks nothing else."""
    errors = [item for item in found if item.is_error]
    if len(errors) != 1 or errors[0].kind not in _OF_SHAPES or any(fix.certain for fix in errors[0].fixes):
        return tuple(found)
    better = None
    with limited_steps(Diagnostics(), most=_MOST_STEPS):
        better = _Trial(errors[0], file, attempt).better()
    return tuple(better if better and item is errors[0] else item for item in found)


class _Trial:
    def __init__(self, mistake: Diagnostic, file: ast.File, attempt: Attempt) -> None:
        self.mistake = mistake
        self.file = file
        self.source = file.span.source
        self.attempt = attempt

    def better(self) -> Diagnostic | None:
        """The mistake with better help; None if there is none."""
        known = [fix for fix in self.mistake.fixes if not _is_assertion(fix)]
        good = [fix for fix in known if self.agrees(fix.edits)]
        if not all(map(self._is_of_input, good)):
            return self._with(good, [])
        tried = (Fix(f"with {slip.text} everything agrees", slip.edits) for slip in self._slips())
        others = (fix for fix in tried if not (good and self._is_of_input(fix)))
        slipped = next(([fix] for fix in others if self.agrees(fix.edits)), [])
        return self._with(good, slipped) if good or slipped else None

    def _is_of_input(self, fix: Fix) -> bool:
        """Whether another input is what a fix makes of it: that mends many a mistake of a layer."""
        lines = {edit.span.source.line(edit.span.position[0]).strip() for edit in fix.edits}
        return all(line.startswith("input") for line in lines)

    def agrees(self, edits: Sequence[Edit]) -> bool:
        """Whether the whole spec is right with these edits."""
        text = self._edited(edits)
        if text is None:
            return False
        return not (self._errors(text, False) or self._errors(text, True))

    def _errors(self, text: Source, held: bool) -> tuple[Diagnostic, ...]:
        take_steps(len(text.text), self.file.span)
        return self.attempt(text, held)[0]

    def _edited(self, edits: Sequence[Edit]) -> Source | None:
        if any(edit.span.source is not self.source for edit in edits):
            return None
        return Source(self.source.name, apply_edits(self.source.text, edits), self.source.path)

    def _slips(self) -> Iterator[Slip]:
        """What may be tried: only where a count or a contract tells the right change from one that merely fits."""
        expected = _expected(self.file)
        if self.mistake.kind is shapes.EXPECT_BROKEN:
            explained = any("it would be" in line for line in self.mistake.help)
            if explained or not expected or not self.mistake.primary or "off by" not in self.mistake.primary.text:
                return
            yield from self._of_counts(expected)
        if expected or self.mistake.kind in (shapes.EXPECT_BROKEN, shapes.CONTRACT_BROKEN):
            yield from slips(self.file, self._lines(), self._channels())

    def _channels(self) -> tuple[int, int] | None:
        """The channels that a contract asserts and those that are there, if they differ."""
        fix = next((fix for fix in self.mistake.fixes if _is_assertion(fix)), None)
        if self.mistake.kind is not shapes.CONTRACT_BROKEN or fix is None:
            return None
        wanted, found = (text.partition("x")[0] for text in (fix.edits[0].span.text, fix.edits[0].replacement))
        return (int(wanted), int(found)) if wanted.isdigit() and found.isdigit() and wanted != found else None

    def _lines(self) -> list[int]:
        """The lines that the mistake shows."""
        primary = self.mistake.primary
        labels = (*((primary,) if primary else ()), *self.mistake.secondary)
        return [label.span.position[0] for label in labels if label.span.source is self.source]

    def _of_counts(self, expected: Sequence[tuple[str, int]]) -> Iterator[Slip]:
        """For each number the one with which a count is as expected, if it grows with it as a line or a parabola does."""
        for quantity, wanted in expected:
            count = QUANTITIES[quantity]
            for number, around in numbers(self.file):
                if not isinstance(number.value, int) or number.value < 1:
                    continue
                counts = self._counts(count, number)
                for steps in _reaching(counts, wanted):
                    yield replaced(number.span, str(number.value + steps), around)

    def _counts(self, count: Callable[[Graph], int], number: ast.Number) -> list[int]:
        """What is counted as the number stands, with one more and with two more; fewer if that changes nothing."""
        found: list[int] = []
        for more in range(3):
            text = self._edited([Edit(number.span, str(number.value + more))])
            take_steps(len(self.source.text), number.span)
            graph = self.attempt(text, False)[1] if text is not None else None
            if graph is None or (found and count(graph) == found[0]):
                return []
            found.append(count(graph))
        return found

    def _with(self, good: Sequence[Fix], slipped: Sequence[Fix]) -> Diagnostic:
        """The mistake with only those of its fixes that are good, or with slips in place of all but the assertion."""
        texts = {fix.message for fix in self.mistake.fixes if fix not in good and not _is_assertion(fix)}
        kept = [line for line in self.mistake.help if line not in texts]
        last = tuple(fix for fix in self.mistake.fixes if _is_assertion(fix))
        if slipped:
            kept = [f"or {line}" if line.startswith("assert ") else line for line in kept]
        return self.mistake.replace(help=(*(fix.message for fix in slipped), *kept), fixes=(*slipped, *good, *last))


def _is_assertion(fix: Fix) -> bool:
    """Whether a fix would have the author say something else, not do something else."""
    return fix.message.startswith(("assert ", "expect "))


def _expected(file: ast.File) -> list[tuple[str, int]]:
    """What is expected exactly of a network at its defaults, once of each quantity."""
    expects = [each.action for network in file.networks for each in network.body.statements]
    pairs = [
        (each.quantity.text, each.value.value)
        for each in expects
        if isinstance(each, ast.Expect) and not each.settings and each.quantity.text in QUANTITIES
        if each.comparison in ("=", "==") and isinstance(each.value, ast.Number) and isinstance(each.value.value, int)
    ]
    return list(dict(reversed(pairs)).items())


def _reaching(counts: Sequence[int], expected: int) -> list[int]:
    """How many steps lead to a count, given those at 0, 1 and 2 steps, if it grows as a parabola does."""
    if len(counts) < 3:
        return []
    first = counts[1] - counts[0]
    second = counts[2] - 2 * counts[1] + counts[0]
    # counts[0] + first * k + second * k * (k - 1) / 2 == expected
    a, b, c = second, 2 * first - second, 2 * (counts[0] - expected)
    if a == 0:
        return [-c // b] if b and c and c % b == 0 else []
    inside = b * b - 4 * a * c
    if inside < 0 or isqrt(inside) ** 2 != inside:
        return []
    roots = [sign * isqrt(inside) - b for sign in (1, -1)]
    return [root // (2 * a) for root in roots if root and root % (2 * a) == 0]
