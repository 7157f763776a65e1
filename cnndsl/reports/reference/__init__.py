"""The reference: Markdown pages made of what the code says of itself, so that both always agree.

``python docs/generate.py`` writes them to docs/reference; a test holds that they are fresh.
"""

from __future__ import annotations

from .blocks import block_doc, render_block, render_blocks, std_blocks
from .catalogue import render_diagnostics, render_warnings
from .command_line import render_command_line
from .functions import render_functions
from .grammar import render_grammar
from .operators import Refusals, families, render_operator, render_operators
from .python import render_python
from .settings import render_settings

__all__ = [
    "Refusals",
    "block_doc",
    "families",
    "render_block",
    "render_blocks",
    "render_command_line",
    "render_diagnostics",
    "render_functions",
    "render_grammar",
    "render_operator",
    "render_operators",
    "render_python",
    "render_settings",
    "render_warnings",
    "std_blocks",
]
