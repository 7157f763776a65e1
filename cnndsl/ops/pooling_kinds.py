"""Poolings beyond the maximum and the mean: a norm of each window, and the k largest numbers of a line."""

from __future__ import annotations

from typing import ClassVar

from ..attributes import Integer, Number, Pair, attribute
from ..diagnostics.kinds import shapes
from .base import Call, Misuse, Operator, OperatorError, Sample, require_rank
from .free_size import is_below
from .geometry import Window
from .sight import OWN, Sights
from .types import TensorType, format_shape

__all__ = ["KMaxPool", "LpPool"]


class LpPool(Operator):
    """The p-norm of each window, (sum |x|^p)^(1/p), per channel (Sermanet et al. 2012).

    Between the sum (p = 1) and the maximum (p towards infinity). The gradient of a window of zeros is 0.
    """

    name: ClassVar = "lppool"
    positional: ClassVar = ("kernel_size",)

    kernel_size: tuple[int, int] = attribute("height and width of the window", Pair(1))
    norm_type: float = attribute("p, at least 1", Number(1, 1000), default=2.0, aliases=("p",))
    stride: tuple[int, int] | None = attribute("step between windows; the kernel if not given", Pair(1), default=None)

    samples: ClassVar = (
        Sample("lppool 2x2", (3, 6, 8)),
        Sample("lppool 3x2 stride=1 norm_type=3", (2, 5, 5)),
        Sample("lppool 2 p=1.5 stride=(2, 1)", (2, 5, 4)),
    )
    misuses: ClassVar = (
        Misuse("lppool 6x6", (3, 5, 5), "E0301"),
        Misuse("lppool 2x2 p=0.5", (3, 5, 5), "E0207"),
        Misuse("lppool 2x2", (7,), "E0302"),
    )

    def resolve(self, x: TensorType) -> Operator:
        return self.replace(stride=self.stride or self.kernel_size)

    def window(self) -> Window:
        return Window(self.kernel_size, self.stride or self.kernel_size, ((0, 0), (0, 0)))

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 3)
        return TensorType((x.shape[0], *self.window().output(x.shape[1:])))

    def formulas(self, x: TensorType) -> tuple[str, ...]:
        return self.window().formulas(x.shape[1:])

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        window = self.window()
        arguments = {"norm_type": self.norm_type, "kernel_size": window.kernel_size, "stride": window.stride}
        return (Call("layers.LpPool2d", arguments),)


class KMaxPool(Operator):
    """The k largest numbers of each line, in the order in which they are there (Kalchbrenner et al. 2014).

    The input is CxL or CxHxW, whose last axis becomes k.
    """

    name: ClassVar = "kmax_pool"
    positional: ClassVar = ("k",)

    k: int = attribute("how many numbers are kept", Integer(1))

    samples: ClassVar = (
        Sample("kmax_pool 3", (4, 7)),
        Sample("kmax_pool k=1", (2, 5)),
        Sample("kmax_pool 2", (2, 3, 6)),
    )
    misuses: ClassVar = (
        Misuse("kmax_pool 8", (4, 7), "E0301"),
        Misuse("kmax_pool 3", (7,), "E0302"),
        Misuse("kmax_pool 0", (4, 7), "E0207"),
    )

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return ((*(OWN for _ in x.shape[:-1]), None),)

    def infer(self, x: TensorType) -> TensorType:
        if len(x.shape) < 2:
            raise OperatorError(
                shapes.WRONG_RANK,
                f"`kmax_pool` takes lines CxL, and this value is {format_shape(x.shape)}",
                label=f"gets {format_shape(x.shape)}",
            )
        if is_below(x.shape[-1], self.k):
            raise OperatorError(
                shapes.WINDOW_TOO_LARGE,
                f"there are no {self.k} largest among {x.shape[-1]} numbers",
                attribute="k",
                label=f"at most {x.shape[-1]} here",
            )
        return TensorType((*x.shape[:-1], self.k))

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Call("layers.KMaxPool", {"k": self.k}),)
