"""E03xx: shapes, contracts and expectations."""

from __future__ import annotations

from ..model import DiagnosticKind

WINDOW_TOO_LARGE = DiagnosticKind("E0301", "window-too-large", "a window is larger than the padded input")
WRONG_RANK = DiagnosticKind("E0302", "wrong-rank", "a layer gets a value of a rank that it does not take")
CONTRACT_BROKEN = DiagnosticKind("E0303", "contract-broken", "the shape after `->` is not the shape there")
EXPECT_BROKEN = DiagnosticKind("E0304", "expect-broken", "an `expect` does not hold")
INDIVISIBLE_GROUPS = DiagnosticKind("E0305", "indivisible-groups", "`groups` does not divide the channels")
PADDING_TOO_LARGE = DiagnosticKind("E0306", "padding-too-large", "the padding of a pooling exceeds half its window")
BAD_AXIS = DiagnosticKind("E0307", "bad-axis", "an axis does not exist in the value")
SUM_MISMATCH = DiagnosticKind("E0308", "sum-mismatch", "values of different shapes are added")
CONCAT_MISMATCH = DiagnosticKind("E0309", "concat-mismatch", "values to concatenate differ in more than that axis")
INDIVISIBLE_SPLIT = DiagnosticKind("E0310", "indivisible-split", "channels do not divide evenly into parts")
PRODUCT_MISMATCH = DiagnosticKind("E0311", "product-mismatch", "values to multiply do not broadcast")
WRONG_DTYPE = DiagnosticKind("E0312", "wrong-dtype", "a layer gets tokens where it takes numbers, or the reverse")
CROP_TOO_LARGE = DiagnosticKind("E0313", "crop-too-large", "cropping takes away more than there is")
REFLECTION_TOO_LARGE = DiagnosticKind("E0314", "reflection-too-large", "reflected padding reaches beyond the image")
BAD_OUTPUT_PADDING = DiagnosticKind("E0315", "bad-output-padding", "`output_padding` is as large as the stride")
BAD_RESHAPE = DiagnosticKind("E0316", "bad-reshape", "a new shape holds more or fewer numbers")
BAD_PERMUTATION = DiagnosticKind("E0317", "bad-permutation", "`dims` does not name every axis once")
BAD_PARAMETER_COUNT = DiagnosticKind(
    "E0318", "bad-parameter-count", "a layer has neither one parameter nor one per channel"
)
NOTHING_TO_NORMALISE = DiagnosticKind("E0319", "nothing-to-normalise", "a normalisation sees a single number at a time")
RESIDUAL_MISMATCH = DiagnosticKind("E0320", "residual-mismatch", "a residual's body and shortcut differ in shape")
UNDECIDED = DiagnosticKind("E0321", "undecided", "something depends on the size of an input that is free")
