"""Words that mean something in PyTorch, Keras, Caffe, Darknet or ONNX, folded (see :func:`cnndsl.explain.foreign.fold`).

Whoever writes one of them means it: it is no slip of a word of ours, however near the two are.
"""

from __future__ import annotations

__all__ = ["MEANS_ANOTHER", "MEANT_ELSEWHERE"]

_TORCH = """
adaptiveavgpool1d adaptiveavgpool2d adaptiveavgpool3d adaptivelogsoftmaxwithloss adaptivemaxpool1d adaptivemaxpool2d
adaptivemaxpool3d affinegrid alphadropout avgpool1d avgpool2d avgpool3d batchnorm batchnorm1d batchnorm2d batchnorm3d
bilinear celu channelshuffle circularpad1d circularpad2d circularpad3d constantpad1d constantpad2d constantpad3d conv1d
conv2d conv3d convtranspose1d convtranspose2d convtranspose3d cosinesimilarity crossmaplrn2d dropout dropout1d dropout2d
dropout3d elu embedding embeddingbag featurealphadropout flatten fold fractionalmaxpool2d fractionalmaxpool3d gelu glu
gridsample groupnorm gru grucell gumbelsoftmax hardshrink hardsigmoid hardswish hardtanh identity instancenorm
instancenorm1d instancenorm2d instancenorm3d interpolate layernorm lazybatchnorm1d lazybatchnorm2d lazybatchnorm3d
lazyconv1d lazyconv2d lazyconv3d lazyconvtranspose1d lazyconvtranspose2d lazyconvtranspose3d lazyinstancenorm2d lazylinear
leakyrelu linear localresponsenorm logsigmoid logsoftmax lppool1d lppool2d lppool3d lstm lstmcell maxpool1d maxpool2d
maxpool3d maxunpool1d maxunpool2d maxunpool3d mish moduledict modulelist multiheadattention normalize onehot
pairwisedistance pixelshuffle pixelunshuffle prelu reflectionpad1d reflectionpad2d reflectionpad3d relu relu6
replicationpad1d replicationpad2d replicationpad3d rmsnorm rnn rnncell rrelu selu sequential sigmoid silu softmax softmax2d
softmin softplus softshrink softsign syncbatchnorm tanh tanhshrink threshold transformer unflatten unfold upsample
upsamplingbilinear2d upsamplingnearest2d zeropad1d zeropad2d zeropad3d stack cat chunk
adadelta adafactor adagrad adam adamax adamw asgd lamb lars lbfgs lion muon nadam radam rmsprop rprop sgd sparseadam
bceloss bcewithlogitsloss cosineembeddingloss crossentropyloss ctcloss gaussiannllloss huberloss kldivloss l1loss
marginrankingloss mseloss multilabelmarginloss multimarginloss nllloss poissonnllloss smoothl1loss softmarginloss
tripletmarginloss chainedscheduler constantlr cosineannealinglr cosineannealingwarmrestarts cycliclr exponentiallr lambdalr
linearlr multiplicativelr multisteplr onecyclelr polynomiallr reducelronplateau sequentiallr steplr
caltech101 caltech256 celeba cifar10 cifar100 cityscapes coco emnist fakedata fashionmnist flowers102 food101 gtsrb imagenet
imagenette kitti kmnist lfw lsun mnist omniglot oxfordiiitpet pcam places365 qmnist sbd semeion stanfordcars stl10 sun397
svhn usps vocdetection vocsegmentation
"""
_KERAS = """
activation activityregularization adaptiveaveragepooling2d adaptivemaxpooling2d add additiveattention alphadropout attention
average averagepooling1d averagepooling2d averagepooling3d batchnormalization bidirectional categoryencoding centercrop
concatenate conv1d conv1dtranspose conv2d conv2dtranspose conv3d conv3dtranspose convlstm2d cropping1d cropping2d cropping3d
dense depthwiseconv1d depthwiseconv2d discretization dot dropout einsumdense elu embedding flatten gaussiandropout
gaussiannoise globalaveragepooling1d globalaveragepooling2d globalmaxpooling1d globalmaxpooling2d groupnormalization gru
grn hashing identity inputlayer input lambda layernormalization leakyrelu masking maximum maxpooling1d maxpooling2d
maxpooling3d minimum multiply normalization permute prelu randombrightness randomcontrast randomcrop randomflip
randomrotation randomtranslation randomzoom relu repeatvector rescaling reshape resizing rmsnormalization separableconv1d
separableconv2d simplernn softmax solarization spatialdropout1d spatialdropout2d spectralnormalization subtract
timedistributed unitnormalization upsampling1d upsampling2d zeropadding1d zeropadding2d
ftrl nadam binarycrossentropy categoricalcrossentropy sparsecategoricalcrossentropy meansquarederror
"""
_ONNX = """
abs affine and argmax argmin averagepool bernoulli cast castlike ceil celu centercroppad clip col2im compress concat constant
constantofshape conv convinteger convtranspose cos cumsum deformconv depthtospace dequantizelinear det div einsum equal erf
exp expand eyelike floor gather gatherelements gathernd gemm globalaveragepool globallppool globalmaxpool greater hardmax
instancenormalization less log loop lpnormalization lppool lrn matmul max maxpool maxroipool maxunpool mean
meanvariancenormalization min mod mul neg nonmaxsuppression nonzero not or pow quantizelinear range reciprocal reducemax
reducemean reducesum resize reversesequence rmsnormalization roialign round scan scatter shape shrink sign sin size slice
spacetodepth sqrt squeeze sub sum swiglu swish tan thresholdedrelu tile topk transpose unique unsqueeze where xor
"""
_CAFFE_AND_DARKNET = """
absval accuracy annotateddata argmax batchreindex bias bnll concat contrastiveloss convolution crop data deconvolution
dropout dummydata eltwise elu embed euclideanloss exp filter flatten hdf5data hingeloss im2col imagedata infogainloss
innerproduct input log lrn lstm memorydata mvn parameter permute pooling power prelu priorbox python reduction relu reshape
rnn scale sigmoid sigmoidcrossentropyloss silence slice softmax softmaxwithloss split spp swish tanh threshold tile
activation avgpool batchnorm connected convolutional cost crnn detection dropout gru local localavgpool logistic
maxpool net normalization region reorg reorg3d rnn route sam scalechannels shortcut softmax upsample yolo
"""

MEANT_ELSEWHERE = frozenset(" ".join((_TORCH, _KERAS, _ONNX, _CAFFE_AND_DARKNET)).split())
"""Layers, optimizers, losses, schedules and data sets."""

MEANS_ANOTHER = frozenset(
    [
        "convolutional",
        "cropping2d",
        "eltwise",
        "globalaveragepooling2d",
        "globalmaxpooling2d",
        "interpolate",
        "layernormalization",
        "leaky",
        "localresponsenorm",
        "localresponsenormalization",
        "decay",
        "depthradius",
        "dim",
        "etamin",
        "factor",
        "minlr",
        "patience",
        "scale",
        "size",
    ]
)
"""Those that stand for something of ours, but not for the same: another default, a rate for a factor, a half for a whole."""
