"""What the package says that it has."""

from __future__ import annotations

import pytest

import cnndsl


@pytest.mark.parametrize("name", cnndsl.__all__)
def test_every_name_is_there(name: str) -> None:
    assert getattr(cnndsl, name) is not None
