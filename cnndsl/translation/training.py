"""What other tools call our settings of training and their choices, and where else is said what is none here."""

from __future__ import annotations

__all__ = ["CHOICES", "NEAR_CHOICES", "NOT_HERE", "SAID_ALONE", "SETTINGS_ELSEWHERE"]

SAID_ALONE = ("data", "loss", "optimizer", "schedule")
"""Settings whose choices are known without their word; ``unit`` and ``half`` may be anything."""

SETTINGS_ELSEWHERE = {
    **dict.fromkeys(
        ("dataset", "datasets", "traindata", "traindataset", "trainset", "trainloader", "datamodule"), "data"
    ),
    **dict.fromkeys(
        ("batchsize", "bs", "minibatch", "minibatchsize", "batches", "trainbatchsize", "samplesperstep"), "batch"
    ),
    **dict.fromkeys(("numepochs", "nepochs", "maxepochs", "epoch", "nbepoch", "nbepochs", "epochcount"), "epochs"),
    **dict.fromkeys(("optim", "optimiser", "solver", "opt"), "optimizer"),
    **dict.fromkeys(
        ("scheduler", "lrscheduler", "lrschedule", "lrpolicy", "learningrateschedule", "policy"), "schedule"
    ),
    **dict.fromkeys(("criterion", "objective", "lossfunction", "lossfn", "lossfunc", "cost"), "loss"),
    **dict.fromkeys(
        ("accumulation", "gradaccum", "gradientaccumulation", "gradientaccumulationsteps", "accumulationsteps"),
        "accumulate",
    ),
    **dict.fromkeys(("randomseed", "randomstate", "manualseed", "rng"), "seed"),
}

CHOICES = {
    "loss": dict.fromkeys(
        (
            *("crossentropyloss", "crossentropy", "softmaxcrossentropy", "softmaxwithloss", "softmaxloss"),
            *("ce", "celoss", "xent", "xentropy", "crossentropywithlogits"),
        ),
        "cross_entropy",
    ),
    "optimizer": {
        **dict.fromkeys(("gradientdescent", "gd", "stochasticgradientdescent"), "sgd"),
        "rms": "rmsprop",
    },
    "schedule": {
        **dict.fromkeys(("steplr", "stepdecay"), "step"),
        "exponentiallr": "exponential",
        **dict.fromkeys(("cosineannealinglr", "cosineannealing", "cos"), "cosine"),
        **dict.fromkeys(("fixed", "none"), "constant"),
    },
    "data": {
        **dict.fromkeys(("catsdogs", "dogsvscats"), "cats_and_dogs"),
        "tfflowers": "flowers",
    },
    "normalize": {
        **dict.fromkeys(("standardize", "standardise", "zscore", "trainingset", "auto"), "measured"),
        **dict.fromkeys(("none", "rescale", "totensor"), "raw"),
    },
    "precision": {
        **dict.fromkeys(("bfloat16", "bf16mixed", "mixedbfloat16"), "bf16"),
        **dict.fromkeys(("float16", "half", "mixedfloat16"), "fp16"),
        **dict.fromkeys(("fp32", "full", "single"), "float32"),
    },
}
"""Words elsewhere, folded, for a choice of ours with the same defaults."""

_OF_PROBABILITIES = (
    "it takes probabilities: `cross_entropy` has the softmax in it, so that the network ends without one"
)
_BY_STEPS = "it counts steps, and a schedule counts epochs here"

NEAR_CHOICES = {
    "loss": {
        **dict.fromkeys(
            ("categoricalcrossentropy", "sparsecategoricalcrossentropy", "softmax"),
            ("cross_entropy", _OF_PROBABILITIES),
        ),
        **dict.fromkeys(
            ("nllloss", "nll", "negativeloglikelihood", "logloss"),
            ("cross_entropy", "it takes logarithms of probabilities: `cross_entropy` has the softmax in it"),
        ),
    },
    "optimizer": dict.fromkeys(
        ("momentum", "nesterov"), ("sgd", "it is an attribute: `optimizer sgd lr=0.1 momentum=0.9 nesterov=true`")
    ),
    "schedule": {
        **dict.fromkeys(("exp", "exponentialdecay"), ("exponential", _BY_STEPS)),
        "cosinedecay": ("cosine", _BY_STEPS),
        "constantlr": ("constant", "PyTorch's begins with a third of the rate: `constant` stays as it is"),
    },
    "data": {
        "catsvsdogs": ("cats_and_dogs", "TensorFlow's lacks the damaged ones of the 25,000 photos"),
    },
    "normalize": {
        "imagenet": (
            "",
            "its numbers are `normalize given mean=(0.485, 0.456, 0.406) std=(0.229, 0.224, 0.225)`",
        ),
    },
    "precision": dict.fromkeys(
        ("float64", "double"), ("", "it is said when training is started: `cnndsl train SPEC --dtype float64`")
    ),
}
"""Words elsewhere, folded, that are near to a choice of ours, and what differs."""

_RUN = "it is said when training is started: `cnndsl train SPEC "
_READ = "samples are brought to a range by `normalize`, as in `normalize given mean=(0.5, 0.5, 0.5) std=0.25`"
NOT_HERE = {
    **dict.fromkeys(("device", "gpu", "gpus", "cuda", "accelerator"), f"{_RUN}--backend torch --device cuda`"),
    **dict.fromkeys(("backend", "framework"), f"{_RUN}--backend torch`"),
    "dtype": f"{_RUN}--dtype float32`; `precision bf16` computes in a lower precision",
    **dict.fromkeys(
        ("amp", "autocast", "mixedprecision", "useamp"), "layers compute in a lower precision by `precision bf16`"
    ),
    **dict.fromkeys(("syncbatchnorm", "syncbn", "convertsyncbatchnorm"), f"{_RUN}--backend torch --sync-bn`"),
    **dict.fromkeys(
        ("gradientcheckpointing", "activationcheckpointing", "gradcheckpointing"),
        f"{_RUN}--backend torch --recompute`",
    ),
    **dict.fromkeys(
        ("output", "checkpoint", "checkpoints", "save", "savedir", "logdir", "outputdir", "workdir"),
        f"{_RUN}--output DIR`",
    ),
    **dict.fromkeys(("path", "root", "datadir", "dataroot", "datapath"), f"{_RUN}--data-dir DIR`"),
    **dict.fromkeys(("verbose", "loglevel", "logging", "log"), f"{_RUN}--quiet`"),
    **dict.fromkeys(
        ("metrics", "metric", "accuracy", "eval", "evaluate", "monitor"), "loss and accuracy are always measured"
    ),
    **dict.fromkeys(("shuffle", "sampler"), "samples are always shuffled, in an order that `seed` gives"),
    **dict.fromkeys(
        ("validationsplit", "valsplit", "testsplit", "split", "valdata", "testdata"),
        "each data set says itself which samples are held out; `validation 0.1` keeps a share of the others aside",
    ),
    **dict.fromkeys(
        ("augmentation", "augmentations", "transform", "transforms"),
        "pictures are changed while they are trained on by `augment`, as in `augment flip=true crop=4`",
    ),
    **dict.fromkeys(("preprocess", "preprocessing", "normalization", "normalise", "mean", "std", "scale"), _READ),
    **dict.fromkeys(
        ("iterations", "maxiter", "steps", "maxsteps", "numiterations", "iters"), "training is counted in `epochs`"
    ),
    **dict.fromkeys(
        ("patience", "callbacks"),
        "`early_stopping 5` ends after 5 epochs without a lower loss, with `validation 0.1` to look at",
    ),
    **dict.fromkeys(
        ("numworkers", "workers", "pinmemory"), "pictures are always decoded ahead of the steps: leave it out"
    ),
    **dict.fromkeys(("model", "network", "net"), "`train Name { ... }` is for the network of that name"),
    **dict.fromkeys(
        ("init", "initializer", "initialization"), "initial weights follow from the layers and from `seed`"
    ),
    **dict.fromkeys(("regularizer", "regularization", "l2"), "it is the `weight_decay` of the optimizer"),
    **dict.fromkeys(
        ("gradclip", "clipnorm", "clipvalue", "gradientclipping", "maxgradnorm"),
        "gradients are bounded by `clip norm=1` or `clip value=0.5`",
    ),
    **dict.fromkeys(
        ("warmupepochs", "warmupsteps"), "the rate grows in the first epochs, counted in epochs: `warmup 5`"
    ),
    **dict.fromkeys(
        ("emadecay", "useema", "modelema", "weightaverage", "swa"), "the mean of the weights is followed by `ema 0.999`"
    ),
    **dict.fromkeys(("mixup", "cutmix"), "samples are mixed by `augment mixup=0.2`"),
    **dict.fromkeys(("dropout", "batchnorm"), "it is a layer: write it in the network"),
    **dict.fromkeys(("labelsmoothing",), "it belongs to the loss: `loss cross_entropy label_smoothing=0.1`"),
    **dict.fromkeys(("gamma", "stepsize", "every"), "it belongs to the schedule: `schedule step every=30 gamma=0.1`"),
}
"""Settings elsewhere that are none here, by their folded names, and where what they say is said."""
