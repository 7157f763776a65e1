"""How large a network may grow; each limit is an error with a code of its own."""

from __future__ import annotations

__all__ = ["MAX_CALLS", "MAX_LIST", "MAX_OPERATORS", "MAX_PARAMETERS", "MAX_STATEMENTS", "MAX_STEPS", "MAX_VARIANTS"]

MAX_OPERATORS = 100_000
MAX_STATEMENTS = 1_000_000
MAX_PARAMETERS = 10**12
MAX_LIST = 10_000
"""How many elements a list may have, those of the lists in it included, and how many characters a string."""
MAX_STEPS = 3_000_000
"""How much a whole check may do: values computed, elements of lists made, statements expanded, layers added."""
MAX_CALLS = 64
"""How deep blocks may call each other."""
MAX_VARIANTS = 64
"""How many variants of a network its expectations may name."""
