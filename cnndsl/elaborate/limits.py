"""How large a network may grow; each limit is an error with a code of its own."""

from __future__ import annotations

__all__ = ["MAX_CALLS", "MAX_OPERATORS", "MAX_PARAMETERS", "MAX_STATEMENTS", "MAX_VARIANTS"]

MAX_OPERATORS = 100_000
MAX_STATEMENTS = 1_000_000
MAX_PARAMETERS = 10**12
MAX_CALLS = 64
"""How deep blocks may call each other."""
MAX_VARIANTS = 64
"""How many variants of a network its expectations may name."""
