"""How other frameworks say how a network is trained: their settings, losses, optimizers and schedules, and calls of these
put into a line of ours, ``optimizer = torch.optim.SGD(model.parameters(), lr=0.1)``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ...attributes import Declared
from ...diagnostics.suggest import nearest
from ...recipe import DATASETS, LOSSES, OPTIMIZERS, SCHEDULES, Recipe
from .names import attribute_meant, fold

__all__ = [
    "NOT_HERE",
    "SETTINGS",
    "choice_meant",
    "choice_named",
    "help_with_setting",
    "setting_meant",
    "setting_named",
    "setting_of",
    "written_setting",
]

SETTINGS = tuple(Recipe.field_infos)
"""The settings of ``train { }``."""

SETTINGS_IN_ORDER = ("data", "loss", "optimizer", "schedule", "batch", "epochs", "seed")
"""The same in the order in which a spec has them."""

_CHOICES: dict[str, Mapping[str, type[Declared]]] = {
    "data": DATASETS,
    "loss": LOSSES,
    "optimizer": OPTIMIZERS,
    "schedule": SCHEDULES,
}

_SETTINGS_ELSEWHERE = {
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
    **dict.fromkeys(("randomseed", "randomstate", "manualseed", "rng"), "seed"),
}

_CHOICES_ELSEWHERE = {
    "loss": dict.fromkeys(
        (
            *("crossentropyloss", "crossentropy", "categoricalcrossentropy", "sparsecategoricalcrossentropy"),
            *("softmaxcrossentropy", "softmaxwithloss", "softmaxloss", "softmax", "ce", "celoss", "xent", "xentropy"),
            *("nllloss", "nll", "negativeloglikelihood", "logloss", "crossentropywithlogits"),
        ),
        "cross_entropy",
    ),
    "optimizer": {
        **dict.fromkeys(("momentum", "nesterov", "gradientdescent", "gd", "stochasticgradientdescent"), "sgd"),
        "rms": "rmsprop",
    },
    "schedule": {
        **dict.fromkeys(("steplr", "stepdecay"), "step"),
        **dict.fromkeys(("exponentiallr", "exp", "exponentialdecay"), "exponential"),
        **dict.fromkeys(("cosineannealinglr", "cosineannealing", "cosinedecay", "cos"), "cosine"),
        **dict.fromkeys(("constantlr", "fixed", "none"), "constant"),
    },
    "data": {
        "catsvsdogs": "cats_and_dogs",
        "catsdogs": "cats_and_dogs",
        "dogsvscats": "cats_and_dogs",
        "tfflowers": "flowers",
    },
}

_RUN = "it is said when training is started: `cnndsl train SPEC "
_READ = "each data set says itself how its samples are read and scaled"
NOT_HERE = {
    **dict.fromkeys(("device", "gpu", "gpus", "cuda", "accelerator"), f"{_RUN}--backend torch --device cuda`"),
    **dict.fromkeys(("backend", "framework"), f"{_RUN}--backend torch`"),
    **dict.fromkeys(("precision", "dtype", "amp", "fp16", "mixedprecision"), f"{_RUN}--dtype float32`"),
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
        ("validationsplit", "valsplit", "testsplit", "validation", "split", "valdata", "testdata"),
        "each data set says itself which samples are held out",
    ),
    **dict.fromkeys(("augment", "augmentation", "augmentations", "transform", "transforms", "preprocess"), _READ),
    **dict.fromkeys(("normalize", "normalise", "mean", "std", "scale"), _READ),
    **dict.fromkeys(
        ("iterations", "maxiter", "steps", "maxsteps", "numiterations", "iters"), "training is counted in `epochs`"
    ),
    **dict.fromkeys(("earlystopping", "patience", "callbacks"), "training goes on for all its `epochs`"),
    **dict.fromkeys(("numworkers", "workers", "pinmemory"), "samples are read by one process: leave it out"),
    **dict.fromkeys(("model", "network", "net"), "`train Name { ... }` is for the network of that name"),
    **dict.fromkeys(
        ("init", "initializer", "initialization"), "initial weights follow from the layers and from `seed`"
    ),
    **dict.fromkeys(("regularizer", "regularization", "l2"), "it is the `weight_decay` of the optimizer"),
    **dict.fromkeys(("gradclip", "clip", "clipnorm", "gradientclipping"), "gradients are not clipped here"),
    **dict.fromkeys(
        ("warmup", "warmupepochs"), "there is no warm-up: the schedules are constant, step, exponential and cosine"
    ),
    **dict.fromkeys(("dropout", "batchnorm"), "it is a layer, and stands in the network"),
    **dict.fromkeys(("labelsmoothing",), "it belongs to the loss: `loss cross_entropy label_smoothing=0.1`"),
    **dict.fromkeys(("gamma", "stepsize", "every"), "it belongs to the schedule: `schedule step every=30 gamma=0.1`"),
}
"""Settings elsewhere that are none here, by their folded names, and where what they say is said."""

_CALL = re.compile(
    r"(?P<setting>[A-Za-z_]\w*)\s*[=:]?\s+?(?P<called>[A-Za-z_][\w.]*)\s*\((?P<inner>.*)\)\s*[,;]?", re.DOTALL
)
_TIGHT = re.compile(
    r"(?P<setting>[A-Za-z_]\w*)\s*[=:]\s*(?P<called>[A-Za-z_][\w.]*)\s*\((?P<inner>.*)\)\s*[,;]?", re.DOTALL
)
_ALONE = re.compile(r"(?P<called>[A-Za-z_][\w.]*)\s*\((?P<inner>.*)\)\s*[,;]?", re.DOTALL)
_PLAIN = re.compile(
    r"(?P<setting>[A-Za-z_]\w*)\s*[=:]?\s*(?P<quote>[\"']?)(?P<value>[^\s=:\"'][^\"']*?)(?P=quote)\s*[,;]?"
)
_PLACES = {"sgd": ("lr", "momentum"), "step": ("every", "gamma"), "exponential": ("gamma",)}
_DROPPED = frozenset(
    ("params", "T_max", "root", "train", "download", "transform", "reduction", "last_epoch", "verbose")
)
_FLOW = re.compile(r".*\bparameters\(\)|params|optimizer|model|net|opt", re.DOTALL)


def help_with_setting(word: str) -> str:
    """What to say of a word that is no setting: where else it is said, or which settings there are."""
    meant = attribute_meant(word, ("lr",)) or word
    if any(declared.find_attribute(meant) for declared in OPTIMIZERS.values()) and fold(word) not in NOT_HERE:
        return "it belongs to the optimizer, as in `optimizer sgd lr=0.1 momentum=0.9`"
    return NOT_HERE.get(fold(word), f"there are {', '.join(SETTINGS_IN_ORDER)}")


def setting_named(word: str) -> str | None:
    """The setting that another framework's word for it stands for."""
    return _SETTINGS_ELSEWHERE.get(fold(word))


def setting_meant(word: str) -> str | None:
    """The setting that a word stands for, which is none."""
    return setting_named(word) or (None if fold(word) in NOT_HERE else nearest(word, SETTINGS))


def choice_named(setting: str, word: str) -> str | None:
    """The data set, loss, optimizer or schedule that another framework's word for it stands for."""
    known, folded = _CHOICES[setting], fold(word).replace("-", "")
    same = next((name for name in known if fold(name) == folded), None)
    return same or _CHOICES_ELSEWHERE[setting].get(folded)


def choice_meant(setting: str, word: str) -> str | None:
    """The data set, loss, optimizer or schedule that a word stands for, which is none."""
    return choice_named(setting, word) or nearest(word, _CHOICES[setting])


def setting_of(word: str) -> str | None:
    """The setting that a word is a choice of: ``sgd`` is an optimizer."""
    folded = fold(word)
    if any(declared.find_attribute(word) for declared in OPTIMIZERS.values()):
        return None
    for setting, known in _CHOICES.items():
        if folded in map(fold, known) or (folded in _CHOICES_ELSEWHERE[setting] and folded not in NOT_HERE):
            return setting
    return None


def written_setting(text: str) -> str | None:
    """A line of ``train { }`` in the words of another framework as a line of ours; None if nobody can tell."""
    found = _TIGHT.fullmatch(text) or _CALL.fullmatch(text)
    if found is not None:
        setting = found["setting"] if found["setting"] in SETTINGS else setting_meant(found["setting"])
        return _called(setting, found["called"], found["inner"])
    alone = _ALONE.fullmatch(text)
    if alone is not None:
        return _called(setting_of(alone["called"]), alone["called"], alone["inner"])
    plain = _PLAIN.fullmatch(text)
    return _plain(plain["setting"], plain["value"]) if plain is not None else None


def _plain(word: str, value: str) -> str | None:
    setting = word if word in SETTINGS else setting_meant(word)
    if setting is None or not value:
        return None
    if setting not in _CHOICES:
        return f"{setting} {value}"
    name, *rest = value.split()
    meant = name if name in _CHOICES[setting] else choice_meant(setting, name)
    return " ".join((setting, meant or name, *rest))


def _called(setting: str | None, called: str, inner: str) -> str | None:
    """``SGD(model.parameters(), lr=0.1)`` behind its setting."""
    if setting not in _CHOICES or setting is None:
        return None
    name = called if called in _CHOICES[setting] else choice_meant(setting, called)
    arguments = [] if name is None else _arguments(_CHOICES[setting][name], name, inner)
    return None if name is None or arguments is None else " ".join((setting, name, *arguments))


def _arguments(declared: type[Declared], name: str, inner: str) -> list[str] | None:
    """The arguments as ours, without what is known here; None if one of them has no counterpart."""
    written = []
    places = iter(_PLACES.get(name, declared.positional))
    for part in _parts(inner):
        word, equal, value = (piece.strip() for piece in part.partition("="))
        if not equal:
            if _FLOW.fullmatch(word) or setting_of(name) == "data":
                continue
            word, value = next(places, ""), word
        if word in _DROPPED:
            continue
        meant = declared.find_attribute(word) or attribute_meant(word, declared.attributes())
        if meant is None or not re.fullmatch(r"[\w.+-]+|\([\d.,\s]+\)", value):
            return None
        written.append(f"{meant}={value.lower() if value in ('True', 'False') else value}")
    return written


def _parts(inner: str) -> list[str]:
    """The arguments between parentheses."""
    parts, depth = [""], 0
    for char in inner:
        depth += (char in "([") - (char in ")]")
        if char == "," and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts if part.strip()]
