"""The page of what is in ``train { }``."""

from __future__ import annotations

from collections.abc import Mapping

from ...attributes import Declared
from ...recipe import Augment, Clip, Dataset, Recipe
from ...recipe.settings import CHOICES, COUNTS, RECORDS, SCOPED
from ...record import REQUIRED
from .markdown import attribute_table, code, docstring, head, table

__all__ = ["render_settings"]

_EXAMPLE = """\
```cnn
train {
    data digits
    loss cross_entropy label_smoothing=0.1
    optimizer sgd lr=0.1 momentum=0.9
    schedule step every=8 gamma=0.5
    batch 32
    epochs 24
    seed 1
}
```"""

_MEANINGS = {
    "data": "what is trained and tested on",
    "loss": "what training makes small",
    "optimizer": "how the parameters follow the gradient",
    "schedule": "how the learning rate changes from epoch to epoch",
    "batch": "samples per step",
    "epochs": "passes over the data",
    "seed": "of the initial weights, the order of the samples, dropout and augmentation",
    "augment": "how pictures are changed by chance while they are trained on",
    "normalize": "to which range samples are brought",
    "clip": "how far gradients are bounded",
    "ema": "share of a running mean of the weights that each step keeps; the mean is what is evaluated and kept",
    "warmup": "epochs in which the learning rate grows to its full size, step by step",
    "freeze": "what stays as it is: parameters, and running statistics, by which `bn` then normalises",
    "lr": "rates of their own, which schedule and warmup change like the optimizer's; the inner of two blocks counts",
    "validation": "share of each class of the training data that is not trained on and chooses the best epoch",
    "precision": "in which precision layers compute",
    "accumulate": "parts in which a batch goes through the network; their gradients are added before the step",
    "early_stopping": "epochs without a lower validation loss after which training ends",
}
_SCOPES = {
    "freeze": "layers or blocks, as in `freeze features.0 head`",
    "lr": "layers or blocks with a rate each, as in `lr features=1e-4 head=1e-2`",
}
_TITLES = {
    "data": "Data sets",
    "loss": "Losses",
    "optimizer": "Optimizers",
    "schedule": "Schedules",
    "normalize": "Normalization",
    "precision": "Precision",
    "augment": "Augmentation",
    "clip": "Clipping",
}


def render_settings() -> str:
    """The page."""
    lines = head(
        "Training",
        "A spec says how its network is trained in `train { }`, or in `train Name { }` for one of several networks: one "
        "setting per line, in any order, its arguments after it.",
        _EXAMPLE,
    )
    lines += [
        "## Settings",
        "",
        *table(("setting", "value", "default", "meaning"), map(_setting, (*CHOICES, *RECORDS, *COUNTS, *SCOPED))),
    ]
    for name, choices in CHOICES.items():
        lines += [f"## {_TITLES[name]}", "", *_choices(choices)]
    for name, declared in RECORDS.items():
        lines += [f"## {_TITLES[name]}", "", *docstring(declared), *attribute_table(declared)]
    return "\n".join(lines).rstrip() + "\n"


def _setting(name: str) -> tuple[str, str, str, str]:
    info = Recipe.field_infos[name]
    if name in COUNTS:
        value = COUNTS[name].description
    elif name in SCOPED:
        value = _SCOPES[name]
    else:
        link = f"(#{_TITLES[name].lower().replace(' ', '-')})"
        value = f"one of [these]{link}" if name in CHOICES else f"some of [these]{link}"
    default = "must be given" if info.default is REQUIRED else _default(info.default)
    return code(name), value, default, _MEANINGS[name]


def _default(value: object) -> str:
    if isinstance(value, Augment | Clip) or value == ():
        return "none"
    return code(getattr(value, "name", str(value)))


def _choices(choices: Mapping[str, type[Declared]]) -> list[str]:
    lines: list[str] = []
    for name, declared in choices.items():
        source = [declared.source, ""] if issubclass(declared, Dataset) else []
        lines += [f"### {name}", "", *docstring(declared), *source, *attribute_table(declared)]
    return lines
