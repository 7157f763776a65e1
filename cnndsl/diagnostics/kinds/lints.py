"""W05xx: valid, but hardly what was meant; and comments that allow such a thing, where they are at fault themselves."""

from __future__ import annotations

from ..model import DiagnosticKind

DOUBLE_SOFTMAX = DiagnosticKind("W0501", "double-softmax", "softmax before a cross entropy that applies it again")
LOST_ROWS = DiagnosticKind("W0502", "lost-rows", "no window covers the last rows or columns of the input")
USELESS_BIAS = DiagnosticKind("W0503", "useless-bias", "a bias right before batch normalisation, which takes it away")
DENSE_TWICE = DiagnosticKind("W0504", "dense-twice", "two dense layers with nothing between that is not linear")
UNUSED_BLOCK = DiagnosticKind("W0505", "unused-block", "no network of the file uses a block")
UNUSED_VALUE = DiagnosticKind("W0506", "unused-value", "a value has a name, and nothing reads it")
UNUSED_PARAMETER = DiagnosticKind("W0507", "unused-parameter", "a network or block does not use its parameter")
UNUSED_LET = DiagnosticKind("W0508", "unused-let", "nothing uses what a `let` names")
LARGE_LAYER = DiagnosticKind("W0509", "large-layer", "one layer holds more than half of all parameters")
POOLING_GAPS = DiagnosticKind("W0510", "pooling-gaps", "the windows of a pooling leave gaps between them")
NARROW_VIEW = DiagnosticKind("W0511", "narrow-view", "the last pooling joins places that see a part of the input only")
DROPPED_VALUE = DiagnosticKind("W0512", "dropped-value", "layers whose result is dropped, as `from` goes on elsewhere")
ALLOW_WITHOUT_REASON = DiagnosticKind("W0513", "allow-without-reason", "a comment allows a warning and gives no reason")
ALLOW_UNKNOWN = DiagnosticKind("W0514", "allow-unknown", "a comment allows what is no warning, or cannot be allowed")
ALLOW_UNUSED = DiagnosticKind("W0515", "allow-unused", "a comment allows a warning that there is not")
