"""Text to tree: the grammar, its lexer and parser, and the tree itself."""

from __future__ import annotations

from . import ast
from .parser import Unreadable, parse, parse_expression

__all__ = ["Unreadable", "ast", "parse", "parse_expression"]
