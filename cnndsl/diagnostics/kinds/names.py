"""E02xx: names, attributes and their values."""

from __future__ import annotations

from ..model import DiagnosticKind

UNKNOWN_LAYER = DiagnosticKind("E0201", "unknown-layer", "no layer or block has this name")
UNKNOWN_ATTRIBUTE = DiagnosticKind("E0202", "unknown-attribute", "a layer has no such attribute")
MISSING_ATTRIBUTE = DiagnosticKind("E0203", "missing-attribute", "an attribute without a default is not given")
TOO_MANY_ARGUMENTS = DiagnosticKind("E0204", "too-many-arguments", "a layer is given more arguments than it takes")
GIVEN_TWICE = DiagnosticKind("E0205", "given-twice", "an attribute is given twice")
WRONG_VALUE = DiagnosticKind("E0206", "wrong-value", "a value is of the wrong sort")
OUT_OF_RANGE = DiagnosticKind("E0207", "out-of-range", "a value is outside the range of its attribute")
UNKNOWN_NAME = DiagnosticKind("E0208", "unknown-name", "an expression uses a name that nothing defines")
DUPLICATE_NAME = DiagnosticKind("E0209", "duplicate-name", "two things in one scope have the same name")
NO_NETWORK = DiagnosticKind("E0210", "no-network", "a file has no network where one is needed")
INPUT_POSITION = DiagnosticKind("E0211", "input-position", "`input` is missing, repeated or not first")
BAD_EXPRESSION = DiagnosticKind("E0212", "bad-expression", "an expression cannot be computed")
WRONG_POSITION = DiagnosticKind("E0213", "wrong-position", "a statement is where it has no meaning")
UNKNOWN_SETTING = DiagnosticKind("E0214", "unknown-setting", "a setting names no parameter of the network")
BAD_USE = DiagnosticKind("E0215", "bad-use", "`use` names no file that may be used")
CIRCULAR_USE = DiagnosticKind("E0216", "circular-use", "files use each other in a circle")
RECURSIVE_BLOCK = DiagnosticKind("E0217", "recursive-block", "a block calls itself")
