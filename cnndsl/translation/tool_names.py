"""Names that mean something in another tool: its layers, data sets, losses, optimizers and schedules.

A word of these is never replaced by one of ours that is only near to it: ``kmnist`` is no slip of ``mnist``.
"""

from __future__ import annotations

__all__ = ["CHOICES", "LAYERS"]

_PYTORCH = """
    AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveAvgPool3d AdaptiveMaxPool1d AdaptiveMaxPool2d AdaptiveMaxPool3d
    AlphaDropout AvgPool1d AvgPool2d AvgPool3d BatchNorm1d BatchNorm2d BatchNorm3d Bilinear CELU ChannelShuffle
    CircularPad1d CircularPad2d CircularPad3d ConstantPad1d ConstantPad2d ConstantPad3d Conv1d Conv2d Conv3d
    ConvTranspose1d ConvTranspose2d ConvTranspose3d CosineSimilarity CrossMapLRN2d Dropout Dropout1d Dropout2d
    Dropout3d ELU Embedding EmbeddingBag FeatureAlphaDropout Flatten Fold FractionalMaxPool2d FractionalMaxPool3d GELU
    GLU GRU GRUCell GroupNorm Hardshrink Hardsigmoid Hardswish Hardtanh Identity InstanceNorm1d InstanceNorm2d
    InstanceNorm3d LPPool1d LPPool2d LPPool3d LSTM LSTMCell LayerNorm LazyBatchNorm1d LazyBatchNorm2d LazyBatchNorm3d
    LazyConv1d LazyConv2d LazyConv3d LazyConvTranspose1d LazyConvTranspose2d LazyConvTranspose3d LazyInstanceNorm1d
    LazyInstanceNorm2d LazyInstanceNorm3d LazyLinear LeakyReLU Linear LocalResponseNorm LogSigmoid LogSoftmax
    MaxPool1d MaxPool2d MaxPool3d MaxUnpool1d MaxUnpool2d MaxUnpool3d Mish ModuleList MultiheadAttention PReLU
    PairwiseDistance PixelShuffle PixelUnshuffle RMSNorm RNN RNNCell RReLU ReLU ReLU6 ReflectionPad1d ReflectionPad2d
    ReflectionPad3d ReplicationPad1d ReplicationPad2d ReplicationPad3d SELU Sequential SiLU Sigmoid Softmax Softmax2d
    Softmin Softplus Softshrink Softsign SyncBatchNorm Tanh Tanhshrink Threshold Transformer TransformerDecoder
    TransformerDecoderLayer TransformerEncoder TransformerEncoderLayer Unflatten Unfold Upsample UpsamplingBilinear2d
    UpsamplingNearest2d ZeroPad1d ZeroPad2d ZeroPad3d affine_grid batch_norm grid_sample gumbel_softmax instance_norm
    interpolate native_channel_shuffle normalize one_hot pad scaled_dot_product_attention upsample_bilinear
    upsample_nearest cat stack add mul sub div matmul mean amax permute transpose reshape view squeeze unsqueeze chunk
    split roll flip clamp where einsum bmm norm cumsum topk repeat expand narrow unflatten
"""

_KERAS = """
    Activation ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D
    AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D Add AdditiveAttention AlphaDropout Attention AugMix
    AutoContrast Average AveragePooling1D AveragePooling2D AveragePooling3D AvgPool1D AvgPool2D AvgPool3D
    BatchNormalization Bidirectional CategoryEncoding CenterCrop Concatenate
    ContrastLimitedAdaptiveHistogramEqualization Conv1D Conv1DTranspose Conv2D Conv2DTranspose Conv3D Conv3DTranspose
    ConvLSTM1D ConvLSTM2D ConvLSTM3D Convolution1D Convolution1DTranspose Convolution2D Convolution2DTranspose
    Convolution3D Convolution3DTranspose Cropping1D Cropping2D Cropping3D CutMix Dense DepthwiseConv1D DepthwiseConv2D
    Discretization Dot Dropout ELU EinsumDense Embedding Equalization Flatten GRU GRUCell GaussianDropout
    GaussianNoise GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool2D
    GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D GlobalMaxPooling1D GlobalMaxPooling2D
    GlobalMaxPooling3D GroupNormalization GroupQueryAttention HashedCrossing Hashing Identity Input InputLayer
    IntegerLookup LSTM LSTMCell Lambda LayerNormalization LeakyReLU Masking MaxPool1D MaxPool2D MaxPool3D MaxPooling1D
    MaxPooling2D MaxPooling3D Maximum MelSpectrogram Minimum MixUp MultiHeadAttention Multiply Normalization PReLU
    Permute RMSNormalization RNN RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast
    RandomCrop RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur RandomGrayscale RandomHue
    RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear
    RandomTranslation RandomZoom ReLU RepeatVector Rescaling Reshape Resizing ReversibleEmbedding STFTSpectrogram
    SeparableConv1D SeparableConv2D SeparableConvolution1D SeparableConvolution2D SimpleRNN SimpleRNNCell Softmax
    Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization StackedRNNCells StringLookup
    Subtract TextVectorization TimeDistributed UnitNormalization UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D
    ZeroPadding2D ZeroPadding3D add average concatenate dot maximum minimum multiply subtract
"""

_CAFFE = """
    AbsVal Accuracy ArgMax BatchNorm BatchReindex Bias BNLL Clip Concat ContrastiveLoss Convolution Crop Data
    Deconvolution DetectionOutput Dropout DummyData ELU Eltwise Embed EuclideanLoss Exp Filter Flatten HDF5Data
    HingeLoss Im2col ImageData InfogainLoss InnerProduct Input LRN LSTM Log MVN MemoryData MultinomialLogisticLoss
    Normalize PReLU Parameter Permute Pooling Power PriorBox Python RNN ReLU Reduction Reshape SPP Scale Sigmoid
    SigmoidCrossEntropyLoss Silence Slice Softmax SoftmaxWithLoss Split Swish TanH Threshold Tile Upsample WindowData
"""

_DARKNET = """
    activation avgpool batchnorm connected contrastive convolutional conv_lstm cost crop crnn deconvolutional
    detection dropout gaussian_yolo gru iseg local local_avgpool lstm maxpool net normalization region reorg reorg3d
    reorg_old rnn route sam scale_channels shortcut softmax upsample yolo
"""

_ONNX = """
    Abs Acos AffineGrid ArgMax ArgMin AveragePool BatchNormalization Bernoulli Cast Ceil CenterCropPad Celu Clip
    Col2Im Compress Concat Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos CumProd CumSum DeformConv
    DepthToSpace DequantizeLinear Det Div DynamicQuantizeLinear Einsum Elu Erf Exp Expand EyeLike Floor Gather
    GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool GridSample GroupNormalization
    HardSigmoid HardSwish Hardmax InstanceNormalization LRN LayerNormalization LeakyRelu LogSoftmax LpNormalization
    LpPool MatMul MatMulInteger MaxPool MaxRoiPool MaxUnpool Max Mean MeanVarianceNormalization Min Mish Mul
    Multinomial Neg NonMaxSuppression OneHot PRelu Pad Pow QLinearConv QLinearMatMul QuantizeLinear RMSNormalization
    RandomNormal RandomUniform Reciprocal ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean
    ReduceMin ReduceProd ReduceSum ReduceSumSquare Relu Reshape Resize ReverseSequence RoiAlign RotaryEmbedding Round
    Scatter ScatterElements ScatterND Selu Shrink Sigmoid Sign Sin Slice Softmax Softplus Softsign SpaceToDepth Split
    Sqrt Squeeze Sub Sum SwiGLU Swish Tan Tanh ThresholdedRelu Tile TopK Transpose Trilu Unsqueeze Upsample
"""

_PAPERS = """
    aspp cbam coordconv coordinate_attention dcn deformable_conv dropblock dropconnect eca evonorm fpn frn geglu
    ghost_module global_response_norm grn hard_mish involution layer_scale non_local octconv pact ppm psp quantizer
    res2net rope shake_shake sk space_to_depth depth_to_space pixel_norm spp sppf swiglu switch_norm unet_block vlad
    netvlad weight_norm spectral_norm weight_standardization blur_pool max_blur_pool gem soft_pool stochastic_pool
    strip_pool cosine_softmax arcface cosface gumbel ddf condconv dynamic_conv partial_conv gated_conv masked_conv
    window_attention swin_block vit_block patch_embed patch_merging cls_token
"""

LAYERS = {
    "PyTorch": _PYTORCH,
    "Keras": _KERAS,
    "Caffe": _CAFFE,
    "Darknet": _DARKNET,
    "ONNX": _ONNX,
    "papers": _PAPERS,
}

_DATASETS = """
    beans binary_alpha_digits bird_snap birdsnap boston_housing breast_cancer caddy2012 california_housing caltech101
    caltech256 camelyon cars196 cats_vs_dogs celeba chexpert cifar10h cinic10 cityscapes clevr coco coil100 country211
    cub200 cub200_2011 deep_weeds diabetes dogs dtd emnist eurosat fake_data fashion_mnist fer2013 fgvc_aircraft
    flowers102 flowers_102 oxford_flowers oxford_flowers102 oxford102 food101 gtsrb hmdb51 horses_or_humans
    imagenet21k imagenet_a imagenet_r imagenet_v2 imagenet100 imagenette imagenet32 imagewoof imdb inaturalist iris
    isic k49 kinetics kitti kmnist kuzushiji lfw lsun malaria moving_mnist mnist_c mnist_m notmnist omniglot
    openimages oxford_iiit_pet oxford_pets olivetti_faces patch_camelyon pcam pascal_voc permuted_mnist phototour
    places365 plant_village qmnist rendered_sst2 resisc45 reuters rock_paper_scissors rps rotten_tomatoes sbd sbu
    semeion smallnorb so2sat speech_commands stanford_cars stanford_dogs stl10 sun397 svhn tiny_imagenet
    twenty_newsgroups ucf101 uc_merced usps visual_domain_decathlon voc voc2007 voc2012 widerface wine yale yes_no
    ag_news dbpedia sst sst2 trec yelp amazon
"""

_LOSSES = """
    bce bce_loss bce_with_logits bce_with_logits_loss binary_crossentropy binary_cross_entropy
    binary_cross_entropy_with_logits binary_focal_crossentropy categorical_focal_crossentropy
    categorical_generalized_cross_entropy categorical_hinge center_loss circle contrastive contrastive_loss
    cosine_embedding_loss cosine_proximity cosine_similarity crf ctc ctc_loss dice dice_loss elbo euclidean_loss focal
    focal_loss gaussian_nll_loss hinge hinge_embedding_loss hinge_loss huber huber_loss infogain_loss iou jaccard
    kl_div kl_div_loss kl_divergence kld kullback_leibler_divergence l1 l1_loss l2 l2_loss log_cosh lovasz mae mape
    margin_ranking_loss mean_absolute_error mean_absolute_percentage_error mean_squared_error
    mean_squared_logarithmic_error mse mse_loss msle multi_label_margin_loss multi_label_soft_margin_loss
    multi_margin_loss multinomial_logistic_loss nll nll_loss nll_loss2d poisson poisson_nll_loss rmse
    sigmoid_cross_entropy sigmoid_cross_entropy_loss smooth_l1 smooth_l1_loss soft_margin_loss squared_hinge triplet
    triplet_loss triplet_margin_loss triplet_margin_with_distance_loss tversky wasserstein
    adaptive_log_softmax_with_loss linear_cross_entropy_loss pairwise_distance
"""

_OPTIMIZERS = """
    asgd adabelief adabound adadelta adafactor adagrad adahessian adamax adamp adan a2grad apollo dadapt_adam diffgrad
    distributed_shampoo ftrl fused_adam ktfac lamb lars larc lbfgs lion lookahead madgrad muon nadam nadamw nesterov
    novograd prodigy qhadam radam ranger rprop schedule_free sgdp sgdw sgdm shampoo signsgd signum sm3 sophia soap
    sparse_adam swats tiger yogi rmsprop_tf adabatch adasmooth
"""

_SCHEDULES = """
    chained_scheduler constant_lr cosine_annealing_lr cosine_annealing_warm_restarts cosine_decay
    cosine_decay_restarts cosine_restarts cosine_warmup cyclic cyclic_lr exponential_decay exponential_lr flat_cosine
    inv inverse_sqrt inverse_time_decay lambda_lr lr_on_plateau linear linear_lr linear_warmup multi_step
    multi_step_lr multiplicative_lr multistep noam one_cycle one_cycle_lr piecewise piecewise_constant
    piecewise_constant_decay plateau poly polynomial polynomial_decay polynomial_lr reduce_lr_on_plateau
    reduce_on_plateau sequential_lr sgdr sigmoid step_lr swa triangular triangular2 trapezoidal tri_stage
    warm_restarts warmup warmup_cosine wsd
"""

CHOICES = {
    "data": _DATASETS,
    "loss": _LOSSES,
    "optimizer": _OPTIMIZERS,
    "schedule": _SCHEDULES,
    "normalize": "",
    "precision": "",
}
"""The choices of training, by setting."""
