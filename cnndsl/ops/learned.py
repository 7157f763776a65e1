"""Learned layers that are neither convolution nor matrix: factors, centres, and vectors for tokens."""

from __future__ import annotations

from math import sqrt
from typing import ClassVar

from ..attributes import Boolean, Integer, Number, attribute
from .base import Call, Function, Misuse, Operator, Sample, require_rank
from .sight import OWN, Sights
from .types import Constant, ParameterSpec, Signs, TensorType, Uniform

__all__ = ["Embedding", "Rbf", "Scale"]


class Scale(Operator):
    """Multiply each channel by a learned factor (Touvron et al. 2021, "LayerScale").

    The parameter is called as the layer itself: a ``layer_scale: scale init=1e-6`` learns ``layer_scale``. Its shape is that
    of one channel per factor, Cx1x1 for an image.
    """

    name: ClassVar = "scale"
    init: float = attribute("what the factors start from", Number(), default=1.0)

    samples: ClassVar = (Sample("scale", (3, 4, 5)), Sample("scale init=0.1", (7,)), Sample("scale", (3, 4)))
    misuses: ClassVar = (Misuse("scale 0.1", (7,), "E0204"),)

    def infer(self, x: TensorType) -> TensorType:
        return x

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        return {"": ParameterSpec((x.shape[0], *(1 for _ in x.shape[1:])), Constant(self.init))}

    def parameter_formula(self, x: TensorType) -> str:
        return str(x.shape[0])

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        return (Function("mul", tensors=("",)),)


class Rbf(Operator):
    """The squared distances of a vector to centres, sum_j (x_j - w_ij)^2: the output layer of LeNet-5 (LeCun et al. 1998).

    A small number means a near centre. The centres start from -1 and 1, each with probability 1/2 and independently: the
    paper fixes bitmaps of characters drawn in -1 and 1, and names such random codes as the other choice. They are learned
    unless ``learned=false``; then they are buffers. Parameters: out_features * F.
    """

    name: ClassVar = "rbf"
    positional: ClassVar = ("out_features",)

    out_features: int = attribute("number of centres", Integer(1))
    learned: bool = attribute("whether training moves the centres", Boolean(), default=True)

    samples: ClassVar = (Sample("rbf 4", (7,)), Sample("rbf 3 learned=false", (5,)))
    misuses: ClassVar = (Misuse("rbf 10", (4, 3, 3), "E0302"), Misuse("rbf 0", (7,), "E0207"))

    @property
    def sees_everything(self) -> bool:
        return True

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 1, help="put `flatten` before it")
        return TensorType((self.out_features,))

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        return self._centres(x) if self.learned else {}

    def buffers(self, x: TensorType) -> dict[str, ParameterSpec]:
        return {} if self.learned else self._centres(x)

    def _centres(self, x: TensorType) -> dict[str, ParameterSpec]:
        return {"weight": ParameterSpec((self.out_features, x.shape[0]), Signs())}

    def parameter_formula(self, x: TensorType) -> str:
        return f"{self.out_features}*{x.shape[0]}" if self.learned else ""

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        arguments = {"in_features": x.shape[0], "out_features": self.out_features, "learned": self.learned}
        return (Call("layers.Rbf", arguments),)


class Embedding(Operator):
    """A learned vector for each token: the input are L numbers of tokens, the output embedding_dim x L, channels first.

    Tokens count from 0 to num_embeddings - 1. Parameters: num_embeddings * embedding_dim. Initial values are uniform within
    sqrt(3), so that their variance is 1, which is also torch's.
    """

    name: ClassVar = "embedding"
    positional: ClassVar = ("num_embeddings", "embedding_dim")
    dtypes: ClassVar = ("token",)

    num_embeddings: int = attribute("number of tokens that are told apart", Integer(1))
    embedding_dim: int = attribute("length of the vectors: the channels of the output", Integer(1))

    samples: ClassVar = (Sample("embedding 9 4", (10,), "token"), Sample("embedding 2 1", (3,), "token"))
    misuses: ClassVar = (
        Misuse("embedding 9 4", (10,), "E0312"),
        Misuse("embedding 9 4", (3, 4, 4), "E0302", "token"),
        Misuse("embedding 9", (10,), "E0203", "token"),
    )

    def sights(self, x: TensorType) -> tuple[Sights, ...]:
        return ((OWN.replace(axis=1),),)

    def infer(self, x: TensorType) -> TensorType:
        require_rank(self, x, 1, what="a line of tokens")
        return TensorType((self.embedding_dim, x.shape[0]))

    def parameters(self, x: TensorType) -> dict[str, ParameterSpec]:
        return {"weight": ParameterSpec((self.num_embeddings, self.embedding_dim), Uniform(sqrt(3)))}

    def parameter_formula(self, x: TensorType) -> str:
        return f"{self.num_embeddings}*{self.embedding_dim}"

    def torch_calls(self, x: TensorType) -> tuple[Call, ...]:
        arguments = {"num_embeddings": self.num_embeddings, "embedding_dim": self.embedding_dim}
        return (Call("nn.Embedding", arguments), Function("transpose", {"dim0": 1, "dim1": 2}))
