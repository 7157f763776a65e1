"""What people write who come from PyTorch, Keras, Caffe, Darknet or any language: the line, and what it is mended to."""

from __future__ import annotations

import pytest

from cnndsl.api import check_source
from cnndsl.diagnostics.mending import Mended, mend
from cnndsl.source import Source

TORCH = {
    "nn.Conv2d(3, 64, kernel_size=7, stride=2, padding=3, bias=False)": "conv 64 7x7 stride=2 pad=3 bias=false",
    "nn.Conv2d(in_channels=3, out_channels=16, kernel_size=3)": "conv 16 3x3",
    "nn.Conv2d(3, 64, (3, 5), stride=(2, 1), padding=(1, 2))": "conv 64 3x5 stride=2x1 pad=(1, 2)",
    "nn.Conv2d(3, 6, 3, 1, 1, 1, 3)": "conv 6 3x3 stride=1 pad=1 dilation=1 groups=3",
    "torch.nn.Conv2d(3, 64, 3, padding='same')": "conv 64 3x3 pad=same",
    "self.conv1 = nn.Conv2d(3, 64, 3)": "conv1: conv 64 3x3",
    "c1: nn.Conv2d(3, 64, 3) -> 64x62x62": "c1: conv 64 3x3 -> 64x62x62",
    "nn.Conv2d(3, 64, 3),": "conv 64 3x3",
    "nn.Conv2d(3, 64, 3);": "conv 64 3x3",
    "nn.Conv2d(3, 64, 3) | nn.ReLU()": "conv 64 3x3 | relu",
    "nn.Conv2d(\n        3, 64,\n        kernel_size=3,\n    )": "conv 64 3x3",
    "nn.ConvTranspose2d(3, 16, 2, stride=2)": "conv_transpose 16 2x2 stride=2",
    "torch.nn.ReLU(inplace=True)": "relu",
    "F.relu(x)": "relu",
    "x = F.relu(x)": "relu",
    "x = F.relu(F.max_pool2d(x, 2))": "maxpool 2x2 | relu",
    "x = F.max_pool2d(x, 2)": "maxpool 2x2",
    "F.dropout(x, p=0.5, training=self.training)": "dropout 0.5",
    "nn.LeakyReLU(negative_slope=0.2, inplace=True)": "leaky_relu 0.2",
    "nn.GELU(approximate='tanh')": "gelu approximate=tanh",
    "BatchNorm2d(64)": "bn",
    "nn.BatchNorm2d(64, eps=1e-3, momentum=0.01)": "bn eps=1e-3 momentum=0.01",
    "nn.GroupNorm(3, 64)": "group_norm 3",
    "MaxPool2d(2, 2)": "maxpool 2x2",
    "nn.MaxPool2d(kernel_size=3, stride=2, padding=1)": "maxpool 3x3 stride=2 pad=1",
    "nn.AvgPool2d(2)": "avgpool 2x2",
    "AdaptiveAvgPool2d((1, 1))": "adaptive_avgpool 1x1",
    "nn.Dropout(0.5)": "dropout 0.5",
    "nn.Dropout2d(p=0.25)": "dropout2d 0.25",
    "nn.Flatten(1)": "flatten",
    "x = torch.flatten(x, 1)": "flatten",
    "x = x.view(x.size(0), -1)": "flatten",
    "nn.Identity()": "identity",
    "nn.Upsample(scale_factor=2, mode='bilinear')": "upsample 2x2 mode=bilinear",
    "nn.Sequential(nn.Conv2d(3, 64, 3), nn.ReLU(), nn.MaxPool2d(2))": "seq { conv 64 3x3 | relu | maxpool 2x2 }",
    "self.features = nn.Sequential(\n        nn.Conv2d(3, 8, 3),  # first\n        nn.ReLU(True),\n    )": (
        "features: seq {\n        conv 8 3x3  # first\n        relu\n    }"
    ),
}
ON_VECTORS = {
    "tf.keras.layers.Dense(10, activation='softmax')": "dense 10 | softmax",
    "nn.Linear(16 * 5 * 5, 120)": "dense 120",
    "nn.Linear(in_features=400, out_features=120, bias=True)": "dense 120 bias=true",
    "Linear(10)": "dense 10",
    "Linear 10": "dense 10",
    "fc 10": "dense 10",
    "InnerProduct num_output=10": "dense out_features=10",
    "Softmax(dim=1)": "softmax",
    "F.log_softmax(x, dim=1)": "log_softmax",
    "dense 10 activation=softmax": "dense 10 | softmax",
    "dense units=10": "dense out_features=10",
}
KERAS = {
    "layers.Conv2D(64, (3, 3), strides=2, padding='same', activation='relu')": "conv 64 3x3 stride=2 pad=same | relu",
    "Conv2D(filters=32, kernel_size=(5, 5), use_bias=False)": "conv 32 5x5 bias=false",
    "Conv2D(32, 3, padding='valid')": "conv 32 3x3",
    "conv1 = Conv2D(64, 3)(x)": "conv1: conv 64 3x3",
    "x = Conv2D(64, 3, name='stem')(x)": "stem: conv 64 3x3",
    "model.add(Conv2D(32, (3, 3), activation='relu'))": "conv 32 3x3 | relu",
    "keras.layers.Conv2D(8, 3, activation=None)": "conv 8 3x3",
    "layers.DepthwiseConv2D(3, padding='same')": "depthwise 3x3 pad=same",
    "MaxPooling2D((2,2))": "maxpool 2x2",
    "MaxPooling2D(pool_size=(2, 2), strides=(2, 2))": "maxpool 2x2",
    "Flatten()": "flatten",
    "GlobalAveragePooling2D()": "global_avgpool | flatten",
    "layers.BatchNormalization(momentum=0.9, epsilon=1e-3)": "bn momentum=0.1 eps=1e-3",
    "Activation('relu')": "relu",
    'layers.Activation("swish")': "silu",
    "activation relu": "relu",
    "UpSampling2D((2, 2))": "upsample 2x2",
    "ZeroPadding2D((1, 1))": "pad 1",
    "skip: identity\n    relu\n    x = layers.Add()([x, skip])": "skip: identity\n    relu\n    add skip",
    "skip: identity\n    relu\n    x = Concatenate()([x, skip])": "skip: identity\n    relu\n    concat skip",
    "skip: identity\n    relu\n    x = torch.cat([x, skip], dim=1)": "skip: identity\n    relu\n    concat skip",
    "model = keras.Sequential([\n        layers.Conv2D(8, 3),\n        layers.Flatten()\n    ])": (
        "seq {\n        conv 8 3x3\n        flatten\n    }"
    ),
}
ATTRIBUTES = {
    "conv filters=64 kernel_size=3": "conv out_channels=64 kernel_size=3",
    "conv 64 3x3 padding='same'": "conv 64 3x3 padding=same",
    'conv 64 3x3 padding="same"': "conv 64 3x3 padding=same",
    "conv 64 3x3 strides=2": "conv 64 3x3 stride=2",
    "conv 64 3x3 in_channels=3": "conv 64 3x3",
    "conv 64 3x3 in_channels=3 stride=2": "conv 64 3x3 stride=2",
    "conv 64 3x3 activation=relu": "conv 64 3x3 | relu",
    'conv 64 3x3 activation="relu" pad=1 -> 64x64x64': "conv 64 3x3 pad=1 | relu -> 64x64x64",
    "relu inplace=true": "relu",
    "conv 64 3x3 bias=False": "conv 64 3x3 bias=false",
    "maxpool 2x2 stride=None": "maxpool 2x2",
    "convolution num_output=64 kernel_size=3": "conv out_channels=64 kernel_size=3",
    "convolutional filters=32 size=3 activation=leaky": "conv out_channels=32 kernel_size=3 | leaky_relu 0.1",
}
NAMES = {
    "Conv 64 3x3": "conv 64 3x3",
    "Conv2d 64 3x3": "conv 64 3x3",
    "ReLU": "relu",
    "MaxPool 2x2": "maxpool 2x2",
    "Softmax": "softmax",
    "GELU": "gelu",
    "SiLU": "silu",
    "Swish": "silu",
    "LayerNorm": "layer_norm",
    "GroupNorm 3": "group_norm 3",
    "BatchNormalization": "bn",
    "x = conv 64 3x3": "conv 64 3x3",
    "c1 = conv 64 3x3": "c1: conv 64 3x3",
}
OTHER_LANGUAGES = {
    "conv(64, 3)": "conv 64 3x3",
    "conv(64, kernel_size=3, stride=2)": "conv 64 3x3 stride=2",
    "conv((2*3), 3)": "conv (2*3) 3x3",
    "relu()": "relu",
    "conv 64 3x3,": "conv 64 3x3",
    "conv 64, 3x3": "conv 64 3x3",
    "conv 64 3x3;": "conv 64 3x3",
    "conv 64 3x3; relu;": "conv 64 3x3 | relu",
    "conv 64 3 x 3": "conv 64 3x3",
    "conv 64 3x 3": "conv 64 3x3",
    "conv 64 3 x3": "conv 64 3x3",
    "conv 64 3 x 3 stride=2": "conv 64 3x3 stride=2",
    "conv 64 kernel_size=3 x 3": "conv 64 kernel_size=3x3",
    "conv 64 3X3": "conv 64 3x3",
    "conv 64 3*3": "conv 64 3x3",
    "conv 64 3\u00d73": "conv 64 3x3",
    "conv 64 3 \u00d7 3": "conv 64 3x3",
    "conv 64 3x3 \u2192 64x62x62": "conv 64 3x3 -> 64x62x62",
    "conv 64\u00a03x3": "conv 64 3x3",
    "conv 64 3x3 // first layer": "conv 64 3x3 # first layer",
    "conv 64 3x3 stride=2 // downsample": "conv 64 3x3 stride=2 # downsample",
    "relu // it's an activation": "relu # it's an activation",
    "// a comment\n    relu": "# a comment\n    relu",
    "let n = 64 // number of filters\n    conv n 3x3": "let n = 64 # number of filters\n    conv n 3x3",
    "conv 64 3x3 /* a comment */": "conv 64 3x3 # a comment",
    "/* two\n     * lines */\n    relu": "# two\n     # lines\n    relu",
}
UNCLEAR = {
    "nn.Conv2d(3, planes * self.expansion, 3)": "is nothing that a spec can say",
    "layers.Conv2D(64, 3, kernel_initializer='he_normal')": "nothing here is like `kernel_initializer`",
    "nn.Conv2d(3, 64)": "`kernel_size` must be given",
    "x = self.conv1(x)": "a layer works where it is written",
    "x = F.relu(self.conv1(x))": "is a layer of its own",
    "Concatenate()": "`concat skip` joins",
    "SeparableConv2D(64, 3)": "`depthwise 3x3` and `conv 64 1x1`",
    "Pooling(pool='max')": "`maxpool` takes the largest",
    "nn.LayerNorm([64, 7, 7])": "`normalized_shape`",
    "pooling pool=MAX kernel_size=2": "`maxpool` takes the largest",
    "conv 64 3x3 bias=None": "without it `bias` is true",
    "conv 64 3*5": "`3x5` for a size",
    "c1: conv 64 3x3 activation=relu": "an activation is a layer of its own",
    "a = Conv2D(8, 3)(x)\n    b = Conv2D(8, 3)(x)": "`from NAME` goes on from another one",
    "conv 64 3x3 /* why */ stride=2": "put it on a line of its own",
    "nn.Softmax(dim=-1)": "axes are counted from 0",
}


def mended(line: str, shape: str = "3x64x64") -> Mended:
    """A line as the body of a network, mended."""
    text = f"network Fragment {{\n    input {shape}\n    {line}\n}}\n"
    return mend(Source("fragment.cnn", text), lambda source: check_source(source).diagnostics)


def _body(result: Mended) -> str:
    return result.source.text.split("\n", 2)[2].removesuffix("\n}\n").strip()


ALL = [
    *(
        (line, wanted, "3x64x64")
        for group in (TORCH, KERAS, ATTRIBUTES, NAMES, OTHER_LANGUAGES)
        for line, wanted in group.items()
    ),
    *((line, wanted, "400") for line, wanted in ON_VECTORS.items()),
]


@pytest.mark.parametrize(("line", "wanted", "shape"), ALL, ids=[line for line, _, _ in ALL])
def test_a_foreign_line_is_mended_and_checks_clean(line: str, wanted: str, shape: str) -> None:
    result = mended(line, shape)
    assert _body(result) == wanted
    assert [item.message for item in result.left if item.is_error] == []
    assert not result.gave_up


@pytest.mark.parametrize(("line", "wanted", "shape"), ALL, ids=[line for line, _, _ in ALL])
def test_a_foreign_call_is_one_mistake(line: str, wanted: str, shape: str) -> None:
    text = f"network Fragment {{\n    input {shape}\n    {line}\n}}\n"
    found = check_source(Source("fragment.cnn", text)).diagnostics
    codes = [item.kind.code for item in found]
    assert len(codes) == 1 or set(codes) == {"E0202"} or ("|" in line and set(codes) == {"E0107"})


@pytest.mark.parametrize(("line", "words"), UNCLEAR.items(), ids=UNCLEAR)
def test_what_has_several_readings_is_told_and_left_alone(line: str, words: str) -> None:
    result = mended(line)
    told = [text for item in result.left for text in (*item.notes, *item.help)]
    assert any(words in text for text in told), told


def test_a_network_of_keras_is_mended_as_a_whole() -> None:
    text = """\
network Net {
    Input(shape=(28, 28, 1))
    x = layers.Conv2D(32, 3, activation='relu')(inputs)
    x = layers.MaxPooling2D()(x)
    x = layers.Flatten()(x)
    outputs = layers.Dense(10, activation='softmax')(x)
}
"""
    result = mend(Source("net.cnn", text), lambda source: check_source(source).diagnostics)
    assert [item.kind.code for item in result.left] == ["E0107"]  # how large the pool is, Keras knows by default only
    text = text.replace("MaxPooling2D()", "MaxPooling2D(2)")
    result = mend(Source("net.cnn", text), lambda source: check_source(source).diagnostics)
    assert result.left == ()
    assert result.source.text.split("\n")[1:6] == [
        "    input 1x28x28",
        "    conv 32 3x3 | relu",
        "    maxpool 2x2",
        "    flatten",
        "    dense 10 | softmax",
    ]
