"""Colours that everyone tells apart: with any colour vision, in a grey print, on light and on dark paper."""

from __future__ import annotations

from itertools import pairwise

import pytest

from cnndsl.reports.diagram.palette import THEMES, WORDS


def luminance(color):
    """The relative luminance of WCAG 2.2."""
    channels = (int(color[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    """The contrast ratio of WCAG 2.2, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize("kind", WORDS)
def test_text_and_borders_are_legible(theme, kind):
    paint = theme.kinds[kind]
    assert contrast(theme.ink, paint.fill) >= 7  # WCAG AAA
    assert contrast(theme.pale_ink, paint.fill) >= 4.5  # WCAG AA
    assert contrast(paint.border, theme.paper) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_heat_is_legible_and_rises(theme):
    assert all(contrast(theme.pale_ink, fill) >= 4.5 for fill in theme.heat)
    steps = [contrast(before, after) for before, after in pairwise(theme.heat)]
    assert min(steps) > 1.1
    assert contrast(theme.heat[0], theme.heat[-1]) > 1.9


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_text_on_paper_and_frames_is_legible(theme):
    for ground in (theme.paper, theme.frame_fill):
        assert contrast(theme.ink, ground) >= 7
        assert contrast(theme.pale_ink, ground) >= 4.5
        assert contrast(theme.frame, ground) >= 3  # WCAG: what one must see that is no text


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_kinds_stay_apart_in_a_grey_print(theme):
    """Lightness (CIE L*) of neighbouring kinds differs by more than 2, the difference that an eye can see beside it.

    Blocks are as white as what only reshapes; their border is thicker.
    """
    tints = [theme.kinds[kind].fill for kind in theme.kinds if kind not in ("io", "block")]
    lightness = sorted(116 * luminance(tint) ** (1 / 3) - 16 for tint in tints)
    steps = [after - before for before, after in pairwise(lightness)]
    assert min(steps) > 2, lightness


def test_both_themes_paint_every_kind():
    assert all(set(theme.kinds) == set(THEMES["light"].kinds) for theme in THEMES.values())
    assert set(WORDS) == set(THEMES["light"].kinds) - {"io"}
