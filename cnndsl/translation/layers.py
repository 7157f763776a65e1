"""How other tools call the layers that there are here, one row for each name: our layer, and the parameters of their call.

A row is ``template: parameter parameter``. The template is our layer, with the arguments that it always has, and the layers
that follow it. A parameter is ``theirs>ours@rule=default`` and a mark, of which all but the first may be missing: ``ours`` is
the attribute here if it is called differently, ``rule`` converts a value that means something else here (see ``rules``), and
``default`` is the other tool's own, which is written out where ours differs. ``theirs|older`` are two names of one parameter.
The marks: ``~`` changes no number or is known here, and is left out; ``!`` has no counterpart, and may be given only if it says
its default.

The rows follow PyTorch 2.13 (``torch.nn``, ``torch.nn.functional``), Keras 3 (``keras.layers``), Caffe 1.0
(``caffe.proto``) and Darknet (``parser.c``); tests hold those of PyTorch and Keras to the signatures of the tools themselves.
"""

from __future__ import annotations

__all__ = [
    "CAFFE",
    "DARKNET",
    "DARKNET_ACTIVATIONS",
    "KERAS",
    "KERAS_ACTIVATIONS",
    "NO_EXACT_FORM",
    "TORCH",
    "TORCH_FUNCTIONS",
]

_TORCH_TYPE = "device~ dtype~"
_TORCH_CONV = (
    "out_channels kernel_size stride=1 padding=0 dilation=1 groups=1 bias=True padding_mode='zeros'! device~ dtype~"
)
_TORCH_UPCONV = (
    "out_channels kernel_size stride=1 padding=0 output_padding=0 groups=1 bias=True dilation=1 padding_mode='zeros'! "
    "device~ dtype~"
)
_TORCH_MAX = "kernel_size stride=None padding=0 dilation=1 return_indices=False! ceil_mode=False"
_TORCH_MAX_LINE = "kernel_size stride=None padding=0 dilation=1! return_indices=False! ceil_mode=False"
_TORCH_MEAN = "kernel_size stride=None padding=0 ceil_mode=False count_include_pad=True divisor_override=None!"
_TORCH_MEAN_LINE = "kernel_size stride=None padding=0 ceil_mode=False count_include_pad=True"
_TORCH_BN = "eps=1e-5 momentum=0.1 affine=True track_running_stats=True! device~ dtype~ bias=True!"
_TORCH_INSTANCE = (
    "num_features~ eps=1e-5 momentum=0.1~ affine=False track_running_stats=False! device~ dtype~ bias=True!"
)
_TORCH_LRN = "size alpha=1e-4 beta=0.75 k=1.0"
_TORCH_RESIZE = "size=None! scale_factor@whole=None mode='nearest' align_corners=None recompute_scale_factor=None!"

TORCH = {
    "Conv1d": f"conv1d: in_channels~ {_TORCH_CONV}",
    "Conv2d": f"conv: in_channels~ {_TORCH_CONV}",
    "LazyConv1d": f"conv1d: {_TORCH_CONV}",
    "LazyConv2d": f"conv: {_TORCH_CONV}",
    "ConvTranspose2d": f"conv_transpose: in_channels~ {_TORCH_UPCONV}",
    "LazyConvTranspose2d": f"conv_transpose: {_TORCH_UPCONV}",
    "Linear": f"dense: in_features~ out_features bias=True {_TORCH_TYPE}",
    "LazyLinear": f"dense: out_features bias=True {_TORCH_TYPE}",
    "MaxPool1d": f"maxpool1d: {_TORCH_MAX_LINE}",
    "MaxPool2d": f"maxpool: {_TORCH_MAX}",
    "AvgPool1d": f"avgpool1d: {_TORCH_MEAN_LINE}",
    "AvgPool2d": f"avgpool: {_TORCH_MEAN}",
    "LPPool2d": "lppool: norm_type@even kernel_size stride=None ceil_mode=False!",
    "AdaptiveAvgPool2d": "adaptive_avgpool: output_size",
    "AdaptiveMaxPool2d": "adaptive_maxpool: output_size return_indices=False!",
    "BatchNorm1d": f"bn: num_features~ {_TORCH_BN}",
    "BatchNorm2d": f"bn: num_features~ {_TORCH_BN}",
    "LazyBatchNorm1d": f"bn: {_TORCH_BN}",
    "LazyBatchNorm2d": f"bn: {_TORCH_BN}",
    "GroupNorm": f"group_norm: num_groups num_channels~ eps=1e-5 affine=True {_TORCH_TYPE} bias=True!",
    "LayerNorm": f"layer_norm: normalized_shape@last_axis eps=1e-5 elementwise_affine=True bias=True! {_TORCH_TYPE}",
    "InstanceNorm1d": f"instance_norm: {_TORCH_INSTANCE}",
    "InstanceNorm2d": f"instance_norm: {_TORCH_INSTANCE}",
    "LocalResponseNorm": f"lrn average=true: {_TORCH_LRN}",
    "ReLU": "relu: inplace~",
    "ReLU6": "relu6: inplace~",
    "LeakyReLU": "leaky_relu: negative_slope=0.01 inplace~",
    "PReLU": f"prelu: num_parameters=1 init=0.25 {_TORCH_TYPE}",
    "ELU": "elu: alpha=1.0 inplace~",
    "SELU": "selu: inplace~",
    "GELU": "gelu: approximate='none'",
    "SiLU": "silu: inplace~",
    "Hardswish": "hard_swish: inplace~",
    "Hardsigmoid": "hard_sigmoid: inplace~",
    "Sigmoid": "sigmoid:",
    "Tanh": "tanh:",
    "Softplus": "softplus: beta=1.0 threshold=20.0",
    "Softmax": "softmax: dim>axis@axis_with_batch=None",
    "Softmax2d": "softmax:",
    "LogSoftmax": "log_softmax: dim>axis@axis_with_batch=None",
    "Dropout": "dropout: p=0.5 inplace~",
    "Dropout1d": "dropout2d: p=0.5 inplace~",
    "Dropout2d": "dropout2d: p=0.5 inplace~",
    "Flatten": "flatten: start_dim=1! end_dim=-1!",
    "Unflatten": "reshape: dim@axis_one unflattened_size>shape@shape",
    "Upsample": f"upsample: {_TORCH_RESIZE}",
    "UpsamplingNearest2d": "upsample: size=None! scale_factor@whole=None",
    "UpsamplingBilinear2d": "upsample mode=bilinear align_corners=true: size=None! scale_factor@whole=None",
    "PixelShuffle": "pixel_shuffle: upscale_factor",
    "ChannelShuffle": "channel_shuffle: groups",
    "Embedding": "embedding: num_embeddings embedding_dim padding_idx=None! max_norm=None! norm_type~ "
    f"scale_grad_by_freq=False! sparse~ _weight=None! _freeze=False! {_TORCH_TYPE}",
    "ZeroPad2d": "pad: padding@sides",
    "ConstantPad2d": "pad: padding@sides value",
    "ReflectionPad2d": "pad mode=reflect: padding@sides",
    "ReplicationPad2d": "pad mode=replicate: padding@sides",
    "Identity": "identity: *~",
}

TORCH_FUNCTIONS = {
    "relu": "relu: input inplace~",
    "relu6": "relu6: input inplace~",
    "leaky_relu": "leaky_relu: input negative_slope=0.01 inplace~",
    "elu": "elu: input alpha=1.0 inplace~",
    "selu": "selu: input inplace~",
    "gelu": "gelu: input approximate='none'",
    "silu": "silu: input inplace~",
    "hardswish": "hard_swish: input inplace~",
    "hardsigmoid": "hard_sigmoid: input inplace~",
    "tanh": "tanh: input",
    "sigmoid": "sigmoid: input",
    "softplus": "softplus: input beta=1.0 threshold=20.0",
    "softmax": "softmax: input dim>axis@axis_with_batch=None _stacklevel~ dtype=None~",
    "log_softmax": "log_softmax: input dim>axis@axis_with_batch=None _stacklevel~ dtype=None~",
    "dropout": "dropout: input p=0.5 training@training=True inplace~",
    "dropout1d": "dropout2d: input p=0.5 training@training=True inplace~",
    "dropout2d": "dropout2d: input p=0.5 training@training=True inplace~",
    "max_pool1d": "maxpool1d: input kernel_size stride=None padding=0 dilation=1! ceil_mode=False return_indices=False!",
    "max_pool2d": "maxpool: input kernel_size stride=None padding=0 dilation=1 ceil_mode=False return_indices=False!",
    "avg_pool1d": f"avgpool1d: input {_TORCH_MEAN_LINE}",
    "avg_pool2d": f"avgpool: input {_TORCH_MEAN}",
    "lp_pool2d": "lppool: input norm_type@even kernel_size stride=None ceil_mode=False!",
    "adaptive_avg_pool2d": "adaptive_avgpool: input output_size",
    "adaptive_max_pool2d": "adaptive_maxpool: input output_size return_indices=False!",
    "local_response_norm": f"lrn average=true: input {_TORCH_LRN}",
    "flatten": "flatten: input start_dim@axis_one=0 end_dim=-1!",
    "interpolate": f"upsample: input {_TORCH_RESIZE} antialias=False!",
    "upsample": "upsample: input size=None! scale_factor@whole=None mode='nearest' align_corners=None",
    "pad": "pad: input pad>padding@sides mode='constant' value=None",
    "pixel_shuffle": "pixel_shuffle: input upscale_factor",
    "channel_shuffle": "channel_shuffle: input groups",
    **dict.fromkeys(("cat", "concat", "concatenate"), "concat: tensors~ dim>axis@axis_with_batch=0"),
    "add": "add: input other~ alpha=1!",
    "mul": "mul: input other~",
}

TORCH_METHODS = {
    **dict.fromkeys(("view", "reshape"), "reshape: input shape@view"),
    "permute": "permute: input dims@dims",
    "mean": "global_avgpool | flatten: input dim@image keepdim@keepdims=False",
}
"""Methods of tensors that are no functions: all their arguments by place are one."""

_KERAS_INIT = "kernel_initializer! bias_initializer! kernel_regularizer=None! bias_regularizer=None! "
_KERAS_REST = "activity_regularizer=None! kernel_constraint=None! bias_constraint=None!"
_KERAS_END = f"activation@activation=None use_bias>bias=True {_KERAS_INIT}{_KERAS_REST}"
_KERAS_CONV = (
    "filters>out_channels kernel_size strides>stride=1 padding='valid' data_format~ dilation_rate>dilation=1 "
    f"groups=1 {_KERAS_END}"
)
_KERAS_UPCONV = (
    "filters>out_channels kernel_size strides>stride=1 padding@transposed='valid' output_padding=None! data_format~ "
    f"dilation_rate>dilation=1 {_KERAS_END}"
)
_KERAS_DEPTHWISE = (
    "kernel_size strides>stride=1 padding='valid' depth_multiplier>multiplier=1 data_format~ "
    "dilation_rate>dilation=1 activation@activation=None use_bias>bias=True depthwise_initializer! bias_initializer! "
    "depthwise_regularizer=None! bias_regularizer=None! activity_regularizer=None! depthwise_constraint=None! "
    "bias_constraint=None!"
)
_KERAS_MAX = "pool_size>kernel_size=2 strides>stride=None padding='valid' data_format~"
_KERAS_MEAN = "pool_size>kernel_size strides>stride=None padding@mean_padding='valid' data_format~"
_KERAS_AFFINE = (
    "center=True! scale=True! beta_initializer='zeros'! gamma_initializer='ones'! beta_regularizer=None! "
    "gamma_regularizer=None! beta_constraint=None! gamma_constraint=None!"
)
_KERAS_BN_AFFINE = (
    "center=True! scale=True! beta_initializer='zeros'! gamma_initializer='ones'! "
    "moving_mean_initializer='zeros'! moving_variance_initializer='ones'! beta_regularizer=None! gamma_regularizer=None! "
    "beta_constraint=None! gamma_constraint=None! renorm=False! renorm_clipping=None! renorm_momentum~ synchronized~"
)

KERAS = {
    "Conv1D": f"conv1d: {_KERAS_CONV}",
    "Convolution1D": f"conv1d: {_KERAS_CONV}",
    "Conv2D": f"conv: {_KERAS_CONV}",
    "Convolution2D": f"conv: {_KERAS_CONV}",
    "Conv2DTranspose": f"conv_transpose: {_KERAS_UPCONV}",
    "Convolution2DTranspose": f"conv_transpose: {_KERAS_UPCONV}",
    "DepthwiseConv2D": f"depthwise: {_KERAS_DEPTHWISE}",
    "Dense": "dense: units>out_features activation@activation=None use_bias>bias=True "
    f"{_KERAS_INIT}{_KERAS_REST} lora_rank=None! lora_alpha=None! quantization_config=None!",
    "MaxPooling1D": f"maxpool1d: {_KERAS_MAX}",
    "MaxPool1D": f"maxpool1d: {_KERAS_MAX}",
    "MaxPooling2D": f"maxpool: {_KERAS_MAX}",
    "MaxPool2D": f"maxpool: {_KERAS_MAX}",
    "AveragePooling1D": f"avgpool1d: {_KERAS_MEAN}",
    "AvgPool1D": f"avgpool1d: {_KERAS_MEAN}",
    "AveragePooling2D": f"avgpool: {_KERAS_MEAN}",
    "AvgPool2D": f"avgpool: {_KERAS_MEAN}",
    "GlobalAveragePooling1D": "global_avgpool | flatten: data_format~ keepdims@keepdims=False",
    "GlobalAvgPool1D": "global_avgpool | flatten: data_format~ keepdims@keepdims=False",
    "GlobalAveragePooling2D": "global_avgpool | flatten: data_format~ keepdims@keepdims=False",
    "GlobalAvgPool2D": "global_avgpool | flatten: data_format~ keepdims@keepdims=False",
    "GlobalMaxPooling1D": "global_maxpool | flatten: data_format~ keepdims@keepdims=False",
    "GlobalMaxPool1D": "global_maxpool | flatten: data_format~ keepdims@keepdims=False",
    "GlobalMaxPooling2D": "global_maxpool | flatten: data_format~ keepdims@keepdims=False",
    "GlobalMaxPool2D": "global_maxpool | flatten: data_format~ keepdims@keepdims=False",
    "AdaptiveAveragePooling2D": "adaptive_avgpool: output_size data_format~",
    "AdaptiveMaxPooling2D": "adaptive_maxpool: output_size data_format~",
    "BatchNormalization": f"bn: axis@channels=-1 momentum@complement=0.99 epsilon>eps=1e-3 {_KERAS_BN_AFFINE}",
    "LayerNormalization": f"layer_norm axis=0: axis@channels=-1 epsilon>eps=1e-3 {_KERAS_AFFINE}",
    "GroupNormalization": f"group_norm: groups>num_groups=32 axis@channels=-1 epsilon>eps=1e-3 {_KERAS_AFFINE}",
    "ReLU": "relu: max_value@at_most_six=None negative_slope=0.0! threshold=0.0!",
    "LeakyReLU": "leaky_relu: negative_slope|alpha=0.3",
    "PReLU": "prelu init=0: alpha_initializer='Zeros'! alpha_regularizer=None! alpha_constraint=None! shared_axes=None!",
    "ELU": "elu: alpha=1.0",
    "Softmax": "softmax: axis@channels=-1",
    "Activation": "identity: activation@activation",
    "Dropout": "dropout: rate>p noise_shape=None! seed~",
    "SpatialDropout1D": "dropout2d: rate>p seed~",
    "SpatialDropout2D": "dropout2d: rate>p data_format~ seed~",
    "Flatten": "flatten: data_format~",
    "Reshape": "reshape: target_shape>shape@channels_last",
    "UpSampling2D": "upsample: size>scale_factor=2 data_format~ interpolation>mode='nearest'",
    "ZeroPadding2D": "pad: padding@rows=1 data_format~",
    "Add": "add:",
    "add": "add: inputs~",
    "Multiply": "mul:",
    "multiply": "mul: inputs~",
    "Concatenate": "concat: axis@channels_or_last=-1",
    "concatenate": "concat: inputs~ axis@channels_or_last=-1",
    "Embedding": "embedding: input_dim>num_embeddings output_dim>embedding_dim embeddings_initializer! "
    "embeddings_regularizer=None! embeddings_constraint=None! mask_zero=False! weights=None! lora_rank=None! "
    "lora_alpha=None! quantization_config=None! input_length~",
    "Identity": "identity:",
}

KERAS_ACTIVATIONS = {
    "linear": "",
    "relu": "relu",
    "relu6": "relu6",
    "leaky_relu": "leaky_relu 0.2",
    "elu": "elu",
    "selu": "selu",
    "gelu": "gelu",
    "silu": "silu",
    "swish": "silu",
    "hard_silu": "hard_swish",
    "hard_swish": "hard_swish",
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softplus": "softplus",
    "softmax": "softmax",
    "log_softmax": "log_softmax",
}
"""What ``activation="..."`` names, with the slopes that the functions have there. The hard sigmoid of Keras 2 is another."""

CAFFE = {
    "Convolution": "conv: num_output>out_channels kernel_size stride=1 pad>padding=0 dilation=1 group>groups=1 "
    "bias_term>bias=True weight_filler! bias_filler!",
    "Deconvolution": "conv_transpose: num_output>out_channels kernel_size stride=1 pad>padding=0 group>groups=1 "
    "bias_term>bias=True weight_filler! bias_filler!",
    "InnerProduct": "dense: num_output>out_features bias_term>bias=True axis=1! weight_filler! bias_filler!",
    "LRN": "lrn average=true: local_size>size=5 alpha=1.0 beta=0.75 k=1.0 norm_region='ACROSS_CHANNELS'!",
    "BatchNorm": "bn affine=false: use_global_stats~ moving_average_fraction>momentum@complement=0.999 eps=1e-5",
    "Scale": "scale: axis=1! num_axes=1! filler! bias_term=False! bias_filler!",
    "Concat": "concat: axis=1!",
    "ReLU": "relu: negative_slope=0! in_place~",
    "ELU": "elu: alpha=1.0 in_place~",
    "Sigmoid": "sigmoid: in_place~",
    "TanH": "tanh: in_place~",
    "Softmax": "softmax: axis=1!",
    "Dropout": "dropout: dropout_ratio>p=0.5 in_place~",
    "Flatten": "flatten: axis=1! end_axis=-1!",
}

_DARKNET_END = "activation@activation='logistic' batch_normalize@batch_normalize=0"

DARKNET = {
    "convolutional": "conv: filters>out_channels=1 size>kernel_size=1 stride=1 padding=0 pad@half_the_window=0 groups=1 "
    f"dilation=1 {_DARKNET_END}",
    "connected": f"dense: output>out_features=1 {_DARKNET_END}",
    "maxpool": "maxpool: size>kernel_size stride=1 padding@whole_padding=None",
    "upsample": "upsample: stride>scale_factor=2 scale=1!",
    "dropout": "dropout: probability>p=0.5",
}

DARKNET_ACTIVATIONS = {
    "linear": "",
    "leaky": "leaky_relu 0.1",
    "logistic": "sigmoid",
    "relu": "relu",
    "elu": "elu",
    "selu": "selu",
    "tanh": "tanh",
    "swish": "silu",
}

NO_EXACT_FORM = {
    ("PyTorch", "Embedding"): "PyTorch lays the vectors of the tokens in rows, here they are columns, channels first: "
    "`embedding 1000 64 | permute (1, 0)` gives the rows",
    (
        "Caffe",
        "BatchNorm",
    ): "the batch normalisation of Caffe has no factors: a `Scale` after it has them, and here `bn` has them",
    ("Keras", "PReLU"): "Keras learns a slope for each number, or shares them along `shared_axes`; here there is one, "
    "or one for each channel: `prelu 64 init=0` after 64 channels is `PReLU(shared_axes=[1, 2])`",
    ("Darknet", "connected"): "Darknet takes an image too: `flatten` comes before a `dense`",
}
"""Layers whose row is near to what they do and not the same: why, in a sentence."""
