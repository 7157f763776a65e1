"""Text to tree: the grammar, its lexer and parser, and the tree itself."""

from __future__ import annotations

from . import ast
from .parser import MAX_SOURCE, Unreadable, parse, parse_expression, too_large

__all__ = ["MAX_SOURCE", "Unreadable", "ast", "parse", "parse_expression", "too_large"]
