"""Text to tree: grammar, lexer, parser with recovery, and the tree itself."""

from __future__ import annotations

from . import ast
from .parser import MAX_SOURCE, parse, parse_expression, too_large

__all__ = ["MAX_SOURCE", "ast", "parse", "parse_expression", "too_large"]
