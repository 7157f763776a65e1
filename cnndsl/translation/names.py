"""Names that other frameworks use, so that whoever comes from there is told the word for it here."""

from __future__ import annotations

from collections.abc import Iterable

from .layers import DARKNET_ACTIVATIONS, KERAS_ACTIVATIONS

__all__ = [
    "AMBIGUOUS_ATTRIBUTES",
    "ATTRIBUTES",
    "BLOCKS",
    "FLOW",
    "LEFT_OUT",
    "NEAR_ATTRIBUTES",
    "OTHER_QUANTITIES",
    "QUANTITIES",
    "SEVERAL",
    "activation_meant",
    "attribute_named",
    "fold",
    "layer_named",
]

_LAYERS = {
    **dict.fromkeys(("fc", "full", "fullconnected", "fullyconnected", "ip", "innerproduct", "gemm"), "dense"),
    **dict.fromkeys(("convolution", "convolution2d", "convolutional"), "conv"),
    "convolution1d": "conv1d",
    **dict.fromkeys(("deconv", "deconv2d", "deconvolution", "convt", "tconv"), "conv_transpose"),
    **dict.fromkeys(("upconv", "upconv2d", "upconvolution", "transposeconv", "transposedconv"), "conv_transpose"),
    **dict.fromkeys(("dwconv", "dwconv2d", "convdw", "depthwiseconv", "depthwiseconvolution"), "depthwise"),
    **dict.fromkeys(("maxpooling", "maxpool2d"), "maxpool"),
    **dict.fromkeys(("averagepool", "averagepooling", "averagepool2d", "avgpool2d"), "avgpool"),
    **dict.fromkeys(("meanpool", "meanpool2d"), "avgpool"),
    **dict.fromkeys(("gap", "globalaveragepool", "globalaveragepooling", "globalmeanpool"), "global_avgpool"),
    **dict.fromkeys(("gmp", "globalmaxpooling"), "global_maxpool"),
    **dict.fromkeys(("batchnorm", "bnorm"), "bn"),
    "swish": "silu",
    "hswish": "hard_swish",
    "hsigmoid": "hard_sigmoid",
    "logistic": "sigmoid",
    "drop": "dropout",
    **dict.fromkeys(("spatialdropout", "spatialdropout2d"), "dropout2d"),
    "droppath": "stochastic_depth",
    **dict.fromkeys(("zeropad", "zeropadding", "padding"), "pad"),
    **dict.fromkeys(("noop", "nop", "pass"), "identity"),
    "shuffle": "channel_shuffle",
    "sequential": "seq",
    **dict.fromkeys(("cat", "concatenate", "join"), "concat"),
    **dict.fromkeys(("sum", "plus", "elementwiseadd"), "add"),
    **dict.fromkeys(("multiply", "elementwiseproduct"), "mul"),
    **dict.fromkeys(("loop", "times"), "repeat"),
    **dict.fromkeys(("const", "var"), "let"),
}
"""Words of lectures and papers, folded, for what is one layer here with the same defaults."""

SEVERAL = {
    "pooling": "`maxpool` takes the largest number of each window, `avgpool` the mean",
    "pool": "`maxpool` takes the largest number of each window, `avgpool` the mean",
    "pool2d": "`maxpool` takes the largest number of each window, `avgpool` the mean",
    "activation": "an activation is a layer of its own, such as `relu`, `tanh` or `sigmoid`",
    **dict.fromkeys(
        ("separableconv2d", "separableconv", "sepconv", "sepconv2d", "depthwiseseparable", "depthwiseseparableconv"),
        "write it as two layers: `depthwise 3x3` and `conv 64 1x1`",
    ),
    "globalpool": "`global_avgpool` takes the mean of each channel, `global_maxpool` its largest number",
    "globalpooling": "`global_avgpool` takes the mean of each channel, `global_maxpool` its largest number",
    "mlp": "write each of its layers: `dense 64 | relu` and so on",
    "view": "`flatten` makes a vector of an image; `reshape 16x5x5` gives another shape",
    "squeeze": "`flatten` makes a vector of Cx1x1",
    "unsqueeze": "`reshape 64x1x1` gives another shape",
    "resize": "`upsample 2` makes an image twice as large, `crop 24x24` cuts its middle out",
    **dict.fromkeys(
        ("cropping", "cropping1d", "cropping2d"), "`crop 24x24` takes the size that is left, not the rows that go off"
    ),
    **dict.fromkeys(
        ("conv3d", "maxpool3d", "avgpool3d", "convtranspose3d", "conv3dtranspose", "batchnorm3d", "dropout3d"),
        "there are layers for images and lines, and none for volumes",
    ),
    "lrelu": "its slope has to be said: `leaky_relu 0.1`",
    "leaky": "its slope has to be said: `leaky_relu 0.1` as in Darknet",
    "route": "`from NAME` goes on from a value, `concat NAME` joins it to the one before",
    "eltwise": "`add NAME` sums values up, `mul NAME` multiplies them",
    "mish": "there is no mish: `silu` and `gelu` are the nearest to it",
    "glu": "there is no glu: `split 2`, `sigmoid` and `mul` make one",
    "skip": "write `residual { ... }` around the layers that the skip goes past",
    "projection": "write `shortcut projection` after the closing brace of a `residual`",
    **dict.fromkeys(
        ("keep", "save", "store", "remember", "mark", "tag", "stash"),
        "a label before the layer that makes a value names it: `skip: conv 64 3x3`",
    ),
    **dict.fromkeys(
        ("load", "recall", "restore", "goto", "use"), "`from skip` goes on from the value that is labelled `skip`"
    ),
    "merge": "`concat skip` joins values along the channels, `add skip` adds them",
    **dict.fromkeys(
        ("normalize", "normalise", "rescale", "rescaling"), "data are scaled when they are read; `bn` normalises"
    ),
    **dict.fromkeys(("lstm", "gru", "rnn", "simplernn"), "there is no recurrence in this language"),
    **dict.fromkeys(("attention", "selfattention", "multiheadattention", "transformer"), "there is no attention here"),
    **dict.fromkeys(
        ("output", "outputs", "end"), "the value of the last layer is the output: nothing is written for it"
    ),
    "argmax": "the output are the scores of the classes: `cnndsl predict` says which is the largest",
    "classifier": "write its layers, such as `dense 10`",
    "loss": "write the loss in `train { ... }`",
    "lambda": "there is no code in a spec: `cnndsl layers` lists what there is",
    "permute": "`permute (1, 2, 0)` names every axis once, without the batch",
    "norm": "`bn`, `layer_norm`, `group_norm`, `instance_norm` and `lrn` normalise",
    "return": "the value of the last layer is the output: nothing is returned",
    "import": "all layers are known without being imported: `cnndsl layers` lists them",
    "def": "a network is a list of layers in braces: there are no functions",
    "class": "a network begins with `network Name {`: there are no classes",
    "output": "the value of the last layer is the output: leave it out",
    "yield": "the value of the last layer is the output: nothing is returned",
    "begin": "a body begins with `{` and ends with `}`: leave this word out",
    "end": "a body ends with `}`: leave it out if its `}` is there",
    "break": "a `repeat` runs as often as it says: write that number, as in `repeat 3 { ... }`",
    "continue": "put what is not for every turn in `if i > 0 { ... }`, with `repeat 3 as i { ... }`",
    "print": "nothing is printed by a spec: `cnndsl summary` shows every shape",
    "loop": "write `repeat 3 { ... }`",
    "shortcut": "write `residual { ... }` around the layers that the shortcut goes past",
}
"""Words elsewhere for which no single word stands here, and what to write instead."""

BLOCKS = {
    **dict.fromkeys(("se", "seblock", "selayer", "squeezeexcite", "squeezeandexcitation"), "squeeze_excitation"),
    **dict.fromkeys(("convbnrelu", "convbnact", "cbr", "convnormact"), "conv_bn_act"),
    **dict.fromkeys(("convbn", "convbatchnorm"), "conv_bn"),
    **dict.fromkeys(("resblock", "residualblock", "basicblock", "resnetblock"), "basic"),
    **dict.fromkeys(("bottleneckblock", "resbottleneck"), "bottleneck"),
    **dict.fromkeys(("inceptionblock", "inceptionmodule"), "inception"),
}
"""Words elsewhere for what a block of ``std`` is here."""

ATTRIBUTES: dict[str, tuple[str, ...]] = {
    "filters": ("out_channels",),
    "channels": ("out_channels",),
    "num_output": ("out_channels", "out_features"),
    "num_filters": ("out_channels",),
    "n_filters": ("out_channels",),
    "kernel": ("kernel_size",),
    "kernel_shape": ("kernel_size",),
    "ksize": ("kernel_size",),
    "filter_size": ("kernel_size",),
    "k": ("kernel_size",),
    "s": ("stride",),
    "p": ("padding",),
    "d": ("dilation",),
    "g": ("groups",),
    "f": ("out_channels",),
    "n": ("out_channels", "out_features"),
    "pool_size": ("kernel_size",),
    "size": ("kernel_size", "out_features"),
    "units": ("out_features",),
    "num_units": ("out_features",),
    "features": ("out_features",),
    "output": ("out_features",),
    "strides": ("stride",),
    "pads": ("padding",),
    "dilation_rate": ("dilation",),
    "dilations": ("dilation",),
    "group": ("groups",),
    "use_bias": ("bias",),
    "bias_term": ("bias",),
    "depth_multiplier": ("multiplier",),
    "rate": ("p",),
    "drop_rate": ("p",),
    "dropout_ratio": ("p",),
    "probability": ("p",),
    "epsilon": ("eps",),
    "slope": ("negative_slope",),
    "alpha": ("negative_slope",),
    "local_size": ("size",),
    "bias_k": ("k",),
    "interpolation": ("mode",),
    "input_dim": ("num_embeddings",),
    "output_dim": ("embedding_dim",),
    "learning_rate": ("lr",),
    "step_size": ("every",),
    "out": ("out_channels", "out_features"),
    "outputs": ("out_features", "out_channels"),
    "num_outputs": ("out_channels", "out_features"),
    "nodes": ("out_features",),
    "neurons": ("out_features",),
    "maps": ("out_channels",),
    "nfilters": ("out_channels",),
    "window": ("kernel_size",),
    "step": ("stride",),
    "border": ("padding",),
    "scale": ("scale_factor",),
    "factor": ("scale_factor",),
    "learningrate": ("lr",),
    "learn_rate": ("lr",),
    "wd": ("weight_decay",),
    "weightdecay": ("weight_decay",),
    "mom": ("momentum",),
    "smoothing": ("label_smoothing",),
    "label_smooth": ("label_smoothing",),
    "period": ("every",),
    "drop": ("gamma",),
}

"""Attributes elsewhere, and what those are called here that take the same values."""

NEAR_ATTRIBUTES = {
    "depth_radius": ("size", "`size` counts the channels on both sides and the one between: 2*depth_radius + 1"),
    "target_shape": ("shape", "the channels come first here, and last in Keras"),
    "dim": ("axis", "axes are counted from 0 here, without the batch: one less than `dim`"),
    "decay": ("weight_decay", "`decay` makes the rate smaller in Keras; `weight_decay` makes the weights smaller"),
    "l2": ("weight_decay", "a penalty of l2 is a `weight_decay` of twice that"),
    "patience": ("every", "`every` counts epochs, whether the loss falls or not"),
    **dict.fromkeys(("min_lr", "eta_min"), ("minimum", "`minimum` is a share of the first rate: `minimum=0.01`")),
}
"""Attributes elsewhere that are near to one here, and what differs: a value cannot be kept as it is."""

AMBIGUOUS_ATTRIBUTES = frozenset(("factor", "scale", "size"))
"""Attributes that stand for something of ours in one tool, and for something else in another."""

_INFERRED = "it is known from the value before: leave it out"

LEFT_OUT = {
    "activation": "an activation is a layer of its own: `| relu` after this one",
    "in_channels": _INFERRED,
    "in_features": _INFERRED,
    "num_features": _INFERRED,
    "num_channels": _INFERRED,
    "input_channels": _INFERRED,
    "input_shape": "the shape is written once, channels first, in `input`: leave it out",
    "inplace": "it changes nothing here: leave it out",
    "device": "where a network runs is said when it is trained: leave it out",
    "track_running_stats": "running statistics are always kept: leave it out",
    "trainable": "every parameter is trained: leave it out",
}
"""Attributes elsewhere that are none here, and what is done in their place."""

QUANTITIES = {
    **dict.fromkeys(("parameters", "weights", "param_count", "num_params"), "params"),
    **dict.fromkeys(("mult_adds", "multiply_adds", "macc"), "macs"),
    **dict.fromkeys(("shape", "out", "output_shape"), "output"),
}
"""Figures elsewhere, and what those are called here."""

OTHER_QUANTITIES = dict.fromkeys(
    ("flops", "flop", "gflops", "operations", "ops"), "`macs` counts multiply-accumulates, each of which is two FLOPs"
)
"""Figures elsewhere that are none here."""

NOT_SHARED = "no two layers share their parameters here: each call makes its own"

SHARING = frozenset(
    ("share", "shared", "share_weights", "shared_weights", "weight_sharing", "reuse", "tie", "tied", "siamese")
)
"""Attributes by which layers elsewhere share their parameters, or might."""

FLOW = frozenset(
    ("x", "y", "data", "h", "z", "X", "out", "output", "outputs", "input", "inputs", "input_", "net", "model")
)
"""Names by which the value that goes from layer to layer is called elsewhere; here it has none."""


def fold(word: str) -> str:
    """A word without what frameworks differ in: its package, case and underscores."""
    return word.rpartition(".")[2].replace("_", "").lower()


def layer_named(word: str, known: Iterable[str]) -> str | None:
    """The layer that another framework's name stands for, or that has this name but for its case and underscores."""
    names = tuple(known)
    folded = fold(word)
    foreign = _LAYERS.get(folded)
    return foreign if foreign in names else next((name for name in names if fold(name) == folded), None)


def activation_meant(word: str) -> str | None:
    """The layer that an activation of Keras or Darknet is, empty for none; None for what is none, or not one everywhere."""
    every = {**DARKNET_ACTIVATIONS, **KERAS_ACTIVATIONS, "none": "", "identity": ""}
    found = {fold(name): layer for name, layer in every.items()}.get(fold(word))
    return None if fold(word) == "leakyrelu" else found


def attribute_named(word: str, known: Iterable[str]) -> str | None:
    """The attribute that another framework's name stands for."""
    names = tuple(known)
    return next((name for name in ATTRIBUTES.get(word.lower(), ()) if name in names), None)
