"""Where checkpoints are: the names of their files, and those nearby when there is none at a place."""

from __future__ import annotations

import os
from collections.abc import Iterator

from ... import diagnostics
from ...diagnostics import kinds
from ...files import why_not

__all__ = ["RECORD", "STAGED", "TENSORS", "TRAINER", "no_checkpoint"]

TENSORS = "model.safetensors"
RECORD = "model.json"
TRAINER = "trainer.safetensors"
"""The state of the optimizer, which only `--resume` reads."""

STAGED = ".new"
"""The ending of a file that is written and not yet in place."""

_RUNS = "runs"
"""Where ``cnndsl train`` puts checkpoints unless told otherwise."""
_SUFFIX = ".safetensors"
_MOST_SHOWN = 3
_MOST_SEEN = 1000


def no_checkpoint(path: str, error: Exception) -> diagnostics.DiagnosticError:
    """The error for a file of a checkpoint that cannot be read; it names the checkpoints nearby.

    A file of another name is one of weights alone, for which it names such files in the same folder.
    """
    if os.path.splitext(path)[1] and os.path.basename(path) not in (TENSORS, RECORD, TRAINER):
        return _no_weights(path, error)
    folder = os.path.dirname(path)
    if os.path.isdir(folder) and not os.path.lexists(path):
        reason = f"the folder `{folder}` has no {os.path.basename(path)}"
    else:
        reason = f"cannot read `{path}`: {why_not(path, error)}"
    near = list(dict.fromkeys(_near(folder)))[:_MOST_SHOWN]
    if near:
        hint = f"did you mean {diagnostics.one_of(f'`{item}`' for item in near)}?"
    else:
        hint = f"a checkpoint is a folder with {RECORD} and {TENSORS}; `cnndsl train` writes one"
    return diagnostics.refusal(kinds.files.CANNOT_READ, f"no checkpoint: {reason}", help=(hint,))


def _no_weights(path: str, error: Exception) -> diagnostics.DiagnosticError:
    folder, word = os.path.split(path)
    there = sorted(os.listdir(folder or "."))[:_MOST_SEEN] if os.path.isdir(folder or ".") else []
    names = [name for name in there if name.endswith(_SUFFIX)]
    meant = diagnostics.nearest(word, names)
    near = [os.path.join(folder, name) for name in ((meant,) if meant else names[:_MOST_SHOWN])]
    if near:
        hint = f"did you mean {diagnostics.one_of(f'`{item}`' for item in near)}?"
    else:
        hint = f"give a file that ends in `{_SUFFIX}`, or the folder of a checkpoint"
    return diagnostics.refusal(
        kinds.files.CANNOT_READ, f"no weights: cannot read `{path}`: {why_not(path, error)}", help=(hint,)
    )


def _near(folder: str) -> Iterator[str]:
    """Folders with a checkpoint: inside this one, where training puts them, and beside it."""
    for place in (folder, _RUNS, os.path.dirname(folder) or "."):
        for name in sorted(os.listdir(place))[:_MOST_SEEN] if os.path.isdir(place) else ():
            found = os.path.normpath(os.path.join(place, name))
            if found != os.path.normpath(folder) and os.path.isfile(os.path.join(found, RECORD)):
                yield found
