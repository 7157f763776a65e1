"""In which precision a training computes; the weights, and what an optimizer keeps, stay in float32."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Declared

__all__ = ["BF16", "FP16", "PRECISIONS", "Float32", "Precision"]


class Precision(Declared):
    """Base of all precisions."""


class Float32(Precision):
    """Everything in float32."""

    name: ClassVar = "float32"


class BF16(Precision):
    """Convolutions and dense layers in bfloat16, the rest in float32, as ``torch.autocast`` has it.

    It has the range of float32 and 8 bits of precision, takes half the memory, and is fast on graphics cards since 2020.
    """

    name: ClassVar = "bf16"


class FP16(Precision):
    """The same in float16, which has 11 bits and a small range, so that the loss is scaled as ``torch.amp.GradScaler`` does."""

    name: ClassVar = "fp16"


PRECISIONS: dict[str, type[Precision]] = {precision.name: precision for precision in (Float32, BF16, FP16)}
