"""The learning curve: a picture of the numbers, the same bytes for the same numbers."""

from __future__ import annotations

from io import BytesIO

import matplotlib as mpl
import numpy as np
import pytest
from PIL import Image

from cnndsl.training.history import EpochResult
from cnndsl.training.pages.curve import draw_curve


def history(epochs: int, *, loss: float = 1.0, accuracy: float = 0.9) -> list[EpochResult]:
    return [EpochResult(i + 1, epochs, 0.1, loss / (i + 1), loss / (i + 2), accuracy, 2.0) for i in range(epochs)]


def picture(rows: list[EpochResult]) -> bytes:
    content = draw_curve("Net on digits", rows)
    assert content is not None
    return content


@pytest.mark.parametrize("rows", [history(1), history(3), history(200), history(3, loss=0.0), history(3, accuracy=1.0)])
def test_any_history_can_be_drawn(rows: list[EpochResult]) -> None:
    image = Image.open(BytesIO(picture(rows)))
    assert image.size == (1170, 494)
    assert np.asarray(image.convert("L")).min() < 60


def test_equal_numbers_give_equal_bytes_whatever_the_users_style() -> None:
    plain = picture(history(5))
    with mpl.rc_context({"lines.linewidth": 9, "font.size": 30, "savefig.transparent": True}):
        assert picture(history(5)) == plain
    assert picture([row.replace(seconds=99.0) for row in history(5)]) == plain
    assert picture(history(5, accuracy=0.8)) != plain
    assert b"matplotlib" not in plain.lower()
