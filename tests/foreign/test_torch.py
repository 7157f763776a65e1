"""Calls of PyTorch and what they are put into compute the same numbers with the same parameters."""

from __future__ import annotations

import warnings
from random import Random

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn import functional

from cnndsl.diagnostics import DiagnosticError
from cnndsl.translation.layers import TORCH
from cnndsl.translation.records import row

from .lines import Shape, compiled, load, pasted
from .waves import wave

IMAGE, LINE, VECTOR = (4, 9, 8), (4, 11), (12,)

EXACT: dict[str, Shape] = {
    **dict.fromkeys(
        (
            "nn.Conv2d(4, 6, 3)",
            "nn.Conv2d(4, 6, kernel_size=(3, 2), stride=(2, 1), padding=(1, 0), bias=False)",
            "nn.Conv2d(4, 6, 3, 1, 2, 2, 2)",
            "nn.Conv2d(4, 6, (2, 3), padding='same', dilation=(2, 3))",
            "nn.Conv2d(4, 6, 3, padding='valid', padding_mode='zeros', device=None)",
            "nn.Conv2d(in_channels=4, out_channels=8, kernel_size=3, groups=4)",
            "nn.ConvTranspose2d(4, 6, 2, stride=2)",
            "nn.ConvTranspose2d(4, 6, 3, 2, 1, 1, 2, False)",
            "nn.MaxPool2d(2)",
            "nn.MaxPool2d(3, 2, 1)",
            "nn.MaxPool2d(2, 3, ceil_mode=True)",
            "nn.MaxPool2d((3, 2), stride=None, dilation=2)",
            "nn.AvgPool2d(3, 2, 1)",
            "nn.AvgPool2d(3, 2, 1, True, False)",
            "nn.LPPool2d(2, 3, stride=2)",
            "nn.AdaptiveAvgPool2d((3, 5))",
            "nn.AdaptiveAvgPool2d(1)",
            "nn.AdaptiveMaxPool2d(3)",
            "nn.BatchNorm2d(4)",
            "nn.BatchNorm2d(4, eps=1e-3, momentum=0.02)",
            "nn.BatchNorm2d(4, affine=False)",
            "nn.GroupNorm(2, 4)",
            "nn.GroupNorm(4, 4, 1e-3, False)",
            "nn.InstanceNorm2d(4)",
            "nn.InstanceNorm2d(4, 1e-3, affine=True)",
            "nn.LocalResponseNorm(3)",
            "nn.LocalResponseNorm(2, alpha=0.5, beta=0.5, k=2.0)",
            "nn.ReLU(inplace=True)",
            "nn.ReLU6()",
            "nn.LeakyReLU()",
            "nn.LeakyReLU(0.2, True)",
            "nn.PReLU()",
            "nn.PReLU(4, init=0.1)",
            "nn.ELU(0.7)",
            "nn.SELU()",
            "nn.GELU()",
            "nn.GELU(approximate='tanh')",
            "nn.SiLU()",
            "nn.Hardswish()",
            "nn.Hardsigmoid()",
            "nn.Sigmoid()",
            "nn.Tanh()",
            "nn.Softplus(beta=2, threshold=5)",
            "nn.Softmax(dim=1)",
            "nn.Softmax(dim=3)",
            "nn.Softmax2d()",
            "nn.LogSoftmax(1)",
            "nn.Flatten()",
            "nn.Flatten(start_dim=1, end_dim=-1)",
            "nn.Upsample(scale_factor=2)",
            "nn.Upsample(None, (2.0, 3.0), 'bilinear', True)",
            "nn.Upsample(scale_factor=2, mode='bilinear', align_corners=False)",
            "nn.UpsamplingNearest2d(scale_factor=3)",
            "nn.UpsamplingBilinear2d(scale_factor=2)",
            "nn.PixelShuffle(2)",
            "nn.ChannelShuffle(2)",
            "nn.ZeroPad2d((0, 1, 2, 3))",
            "nn.ZeroPad2d(1)",
            "nn.ConstantPad2d((1, 0, 0, 2), 0.5)",
            "nn.ReflectionPad2d((1, 2, 3, 0))",
            "nn.ReplicationPad2d(2)",
            "nn.Identity()",
            "nn.Sequential(nn.Conv2d(4, 6, 3), nn.BatchNorm2d(6), nn.ReLU(), nn.MaxPool2d(2))",
            "F.relu(x)",
            "F.relu(F.max_pool2d(x, 2))",
            "F.max_pool2d(x, 3, 2, 1, 1, True)",
            "F.avg_pool2d(x, kernel_size=2, count_include_pad=False)",
            "F.lp_pool2d(x, 4.0, 3)",
            "F.adaptive_avg_pool2d(x, (2, 2))",
            "F.adaptive_max_pool2d(x, 2)",
            "F.leaky_relu(x, 0.1)",
            "F.elu(x)",
            "F.selu(x)",
            "F.gelu(x, approximate='tanh')",
            "F.silu(x)",
            "F.relu6(x)",
            "F.hardswish(x)",
            "F.hardsigmoid(x)",
            "F.softplus(x, 3, 10)",
            "F.log_softmax(x, dim=1)",
            "F.softmax(x, 2)",
            "F.interpolate(x, scale_factor=2)",
            "F.interpolate(x, scale_factor=3.0, mode='bilinear', align_corners=False)",
            "F.pad(x, (1, 2, 0, 3))",
            "F.pad(x, (1, 2, 1, 3), mode='reflect')",
            "F.pad(x, (1, 1, 1, 1), value=2.0)",
            "F.pixel_shuffle(x, 2)",
            "F.channel_shuffle(x, 2)",
            "F.local_response_norm(x, 3, k=2.0)",
            "torch.relu(x)",
            "torch.sigmoid(x)",
            "torch.tanh(F.relu(x))",
            "torch.flatten(x, 1)",
            "x.flatten(1)",
            "x.view(x.size(0), -1)",
            "x.reshape(-1, 288)",
            "x.view(x.shape[0], 8, 9, 4)",
            "x.permute(0, 2, 3, 1)",
            "x.mean([2, 3])",
            "x.mean(dim=(2, 3), keepdim=True)",
            "x.relu()",
            "x.softmax(dim=1)",
            "F.relu(x).flatten(1)",
        ),
        IMAGE,
    ),
    **dict.fromkeys(
        (
            "nn.Conv1d(4, 6, 3, stride=2, padding=1)",
            "nn.Conv1d(4, 6, 3, padding='same', dilation=2, groups=2, bias=False)",
            "nn.MaxPool1d(3, 2, 1)",
            "nn.AvgPool1d(3, 2, 1, False, False)",
            "nn.BatchNorm1d(4)",
            "nn.InstanceNorm1d(4, affine=True)",
            "nn.Softmax(dim=1)",
            "nn.Softmax(dim=2)",
            "F.max_pool1d(x, 2)",
            "F.avg_pool1d(x, 4)",
            "nn.Flatten(1)",
            "x.permute(0, 2, 1)",
        ),
        LINE,
    ),
    **dict.fromkeys(
        (
            "nn.Linear(12, 5)",
            "nn.Linear(in_features=12, out_features=5, bias=False)",
            "nn.BatchNorm1d(12)",
            "nn.Softmax(1)",
            "F.log_softmax(x, 1)",
            "nn.Unflatten(1, (3, 2, 2))",
            "nn.Sequential(nn.Linear(12, 8), nn.Tanh(), nn.Linear(8, 3))",
            "x.view(-1, 3, 4)",
        ),
        VECTOR,
    ),
}

DROPOUTS = {
    "nn.Dropout(0.3)": "dropout 0.3",
    "nn.Dropout(p=0.25, inplace=True)": "dropout 0.25",
    "nn.Dropout2d()": "dropout2d",
    "nn.Dropout1d(0.1)": "dropout2d 0.1",
    "F.dropout(x, 0.4, self.training)": "dropout 0.4",
    "F.dropout2d(x, training=self.training)": "dropout2d",
}

REFUSED = {
    "nn.Conv2d(4, 6, 3, padding=1, padding_mode='reflect')": "padding_mode",
    "nn.Conv3d(4, 6, 3)": "volumes",
    "nn.ConvTranspose3d(4, 6, 3)": "volumes",
    "nn.MaxPool2d(2, return_indices=True)": "return_indices",
    "nn.MaxPool1d(2, dilation=2)": "dilation",
    "nn.AvgPool2d(2, divisor_override=3)": "divisor_override",
    "nn.LPPool2d(1, 2)": "odd power",
    "nn.LPPool2d(2, 2, ceil_mode=True)": "ceil_mode",
    "nn.AdaptiveAvgPool2d((None, 7))": "output_size",
    "nn.BatchNorm2d(4, momentum=None)": "momentum=None",
    "nn.BatchNorm2d(4, track_running_stats=False)": "track_running_stats",
    "nn.InstanceNorm2d(8, affine=True, track_running_stats=True)": "track_running_stats",
    "nn.LayerNorm(64)": "axis=0",
    "nn.LayerNorm([4, 9, 8])": "one axis",
    "nn.RMSNorm(64)": "RMSNorm",
    "nn.Softmax(dim=-1)": "the last of an image is 2",
    "nn.Softmax()": "never guessed",
    "nn.Softmax(dim=0)": "without the batch",
    "nn.Flatten(0)": "start_dim",
    "nn.Flatten(2)": "start_dim",
    "torch.flatten(x)": "the batch stays",
    "x.flatten()": "the batch stays",
    "nn.Unflatten(2, (3, 2))": "axis 1",
    "nn.Upsample(size=(16, 16))": "a factor, not a size",
    "nn.Upsample(2)": "size",
    "nn.Upsample(scale_factor=1.5)": "scale_factor",
    "nn.Upsample(scale_factor=2, mode='bicubic')": "mode",
    "F.interpolate(x, (16, 16))": "a factor, not a size",
    "F.interpolate(x, scale_factor=2, antialias=True)": "antialias",
    "nn.PixelUnshuffle(2)": "PixelUnshuffle",
    "nn.Embedding(1000, 64)": "permute (1, 0)",
    "nn.Embedding(1000, 64, padding_idx=0)": "padding_idx",
    "nn.ZeroPad2d((1, 1))": "sides of an image",
    "F.pad(x, (1, 1))": "sides of an image",
    "F.dropout(x, 0.5)": "training",
    "F.dropout(x, 0.5, training=True)": "training",
    "nn.Mish()": "mish",
    "nn.LSTM(4, 8)": "recurrence",
    "nn.MultiheadAttention(8, 2)": "attention",
    "nn.LogSigmoid()": "LogSigmoid",
    "F.normalize(x)": "data are scaled",
    "F.conv2d(x, w)": "conv2d",
    "torch.stack([x, y])": "stack",
    "torch.cat([x, y])": "concat",
    "x.unsqueeze(1)": "reshape",
    "x.transpose(1, 2)": "transpose",
    "nn.Conv2D(4, 6, 3)": "written otherwise",
    "paddle.nn.Conv2D(4, 6, 3)": "not known here",
    "nn.Dense(10)": "Dense",
}


class _Function(nn.Module):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return eval(self.text, {"x": x, "F": functional, "torch": torch})


def _module(text: str) -> nn.Module:
    made = eval(text, {"nn": nn}) if text.startswith("nn.") else _Function(text)
    for index, value in enumerate(made.double().state_dict().values()):
        if value.is_floating_point():
            value.copy_(torch.from_numpy(wave(tuple(value.shape), index + 1)).abs() + 0.1)
    return made


def _state(module: nn.Module) -> list[np.ndarray]:
    return [value.numpy() for value in module.state_dict().values()]


@pytest.mark.parametrize(("text", "shape"), EXACT.items(), ids=EXACT)
def test_what_is_certain_computes_the_same(text: str, shape: Shape) -> None:
    made, line = pasted(text)
    assert made is not None
    assert (made.certain, made.reasons) == (True, ())
    module, network = _module(text), compiled(line, shape)
    load(network, _state(module))
    batch = wave((3, *shape))
    for training in (False, True):
        wanted = module.train(training)(torch.from_numpy(batch.copy())).detach().numpy()
        np.testing.assert_allclose(network.forward(batch, training=training), wanted, rtol=1e-9, atol=1e-12)
    for ours, theirs in zip(network.state().values(), _state(module), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-9, atol=1e-12)  # running statistics after a step


@pytest.mark.parametrize(("text", "wanted"), DROPOUTS.items(), ids=DROPOUTS)
def test_dropout_is_certain_where_it_drops_in_training_alone(text: str, wanted: str) -> None:
    made, line = pasted(text)
    assert made is not None
    assert (made.certain, line) == (True, wanted)


@pytest.mark.parametrize(("text", "words"), REFUSED.items(), ids=REFUSED)
def test_what_means_something_else_is_never_certain(text: str, words: str) -> None:
    made, _ = pasted(text)
    assert made is not None
    assert not made.certain
    assert words in " ".join(made.reasons)


# Calls that nobody thought of

_VALUES = (
    *(
        "0",
        "1",
        "2",
        "3",
        "4",
        "6",
        "-1",
        "0.1",
        "2.0",
        "True",
        "False",
        "None",
        "'same'",
        "'valid'",
        "'reflect'",
        "'nearest'",
    ),
    *("'bilinear'", "'tanh'", "(1, 2)", "(2, 3)", "[2, 2]", "(0, 1)", "(2.0, 2.0)", "(1, 2, 0, 1)", "(0, 1, 0, 1)"),
)
_CHANNELS = ("in_channels", "in_features", "num_features", "num_channels")


def _random_call(random: Random) -> tuple[str, Shape]:
    """A call of a module with arguments that may be right, and the shape that it might take."""
    name = random.choice(list(TORCH))
    shape = random.choice([LINE, VECTOR] if "1d" in name else [IMAGE] if "2d" in name else [IMAGE, LINE, VECTOR])
    known = [item.names[0] for item in row("PyTorch", name, TORCH[name]).parameters]
    parameters = [each for each in known if each not in ("*", "device", "dtype", "_weight", "_freeze")]
    values = [str(shape[0]) if each in _CHANNELS else random.choice(_VALUES) for each in parameters]
    count = random.randint(0, min(len(parameters), 4))
    more = [f"{each}={value}" for each, value in zip(parameters, values, strict=True)][count:]
    return f"nn.{name}({', '.join([*values[:count], *(each for each in more if random.random() < 0.3)])})", shape


def _output(text: str, shape: Shape) -> tuple[nn.Module, np.ndarray] | None:
    """What a module makes of a batch; None if PyTorch takes no such call."""
    try:
        module = _module(text).eval()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return module, module(torch.from_numpy(wave((3, *shape)))).detach().numpy()
    except (TypeError, ValueError, RuntimeError, AssertionError, NotImplementedError, AttributeError, IndexError):
        return None


@pytest.mark.parametrize("seed", range(4))
def test_a_random_call_that_is_certain_computes_the_same(seed: int) -> None:
    random = Random(seed)
    compared = 0
    while compared < 40:
        text, shape = _random_call(random)
        made, line = pasted(text)
        theirs = _output(text, shape) if made is not None and made.certain else None
        if theirs is None:
            continue
        try:
            network = compiled(line, shape)
        except DiagnosticError:  # what does not check is not offered
            continue
        load(network, _state(theirs[0]))
        np.testing.assert_allclose(network.forward(wave((3, *shape))), theirs[1], rtol=1e-9, atol=1e-12, err_msg=text)
        compared += 1
