"""E01xx: the text does not follow the grammar."""

from __future__ import annotations

from ..model import DiagnosticKind

UNEXPECTED = DiagnosticKind("E0101", "unexpected-token", "the grammar does not allow this here")
UNCLOSED = DiagnosticKind("E0102", "unclosed-bracket", "a bracket is never closed")
UNMATCHED = DiagnosticKind("E0103", "unmatched-bracket", "a closing bracket has no opener")
BAD_NUMBER = DiagnosticKind("E0104", "bad-number", "a number or a size is not well formed")
BAD_CHARACTER = DiagnosticKind("E0105", "bad-character", "a character means nothing here")
UNCLOSED_STRING = DiagnosticKind("E0106", "unclosed-string", "a string does not end on its line")
CALL_PARENTHESES = DiagnosticKind("E0107", "call-parentheses", "arguments are in parentheses or separated by commas")
UNCLEAR_MINUS = DiagnosticKind("E0108", "unclear-minus", "a subtraction among arguments has no parentheses")
