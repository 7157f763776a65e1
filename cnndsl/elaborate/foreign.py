"""Names that other frameworks use, so that whoever comes from there is told the word for it here."""

from __future__ import annotations

from collections.abc import Iterable

from ..diagnostics.suggest import nearest

__all__ = ["LEFT_OUT", "attribute_meant", "layer_meant"]

_LAYERS = {
    "linear": "dense",
    "fc": "dense",
    "fully_connected": "dense",
    "conv2d": "conv",
    "convolution": "conv",
    "maxpool2d": "maxpool",
    "max_pool": "maxpool",
    "max_pool2d": "maxpool",
    "maxpooling2d": "maxpool",
    "avgpool2d": "avgpool",
    "avg_pool": "avgpool",
    "avg_pool2d": "avgpool",
    "averagepooling2d": "avgpool",
    "global_avg_pool": "global_avgpool",
    "globalaveragepooling2d": "global_avgpool",
    "globalmaxpooling2d": "global_maxpool",
    "batchnorm": "bn",
    "batch_norm": "bn",
    "batchnorm2d": "bn",
    "batchnormalization": "bn",
    "leakyrelu": "leaky_relu",
    "logsoftmax": "log_softmax",
    "sequential": "seq",
    "concatenate": "concat",
    "cat": "concat",
}

_ATTRIBUTES = {
    "filters": ("out_channels",),
    "channels": ("out_channels",),
    "kernel": ("kernel_size",),
    "pool_size": ("kernel_size",),
    "size": ("kernel_size", "out_features"),
    "units": ("out_features",),
    "features": ("out_features",),
    "strides": ("stride",),
    "dilation_rate": ("dilation",),
    "use_bias": ("bias",),
    "rate": ("p",),
    "drop_rate": ("p",),
    "epsilon": ("eps",),
    "slope": ("negative_slope",),
    "dim": ("axis",),
    "learning_rate": ("lr",),
    "decay": ("weight_decay",),
    "step_size": ("every",),
}

LEFT_OUT = {
    "activation": "an activation is a layer of its own: `| relu` behind this one",
    "in_channels": "it is known from the value before: leave it out",
    "in_features": "it is known from the value before: leave it out",
    "num_features": "it is known from the value before: leave it out",
    "inplace": "it changes nothing here: leave it out",
}
"""Attributes elsewhere that are none here, and what is done in their place."""


def layer_meant(word: str, known: Iterable[str]) -> str | None:
    """The layer or block that a word nothing is called by stands for."""
    names = tuple(known)
    foreign = _LAYERS.get(word.lower())
    return foreign if foreign in names else nearest(word, names)


def attribute_meant(word: str, known: Iterable[str]) -> str | None:
    """The attribute that a word stands for, which is none."""
    names = tuple(known)
    foreign = next((name for name in _ATTRIBUTES.get(word.lower(), ()) if name in names), None)
    return foreign or nearest(word, names)
