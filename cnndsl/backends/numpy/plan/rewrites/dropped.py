"""What does nothing in evaluation is left out."""

from __future__ import annotations

from .....ops.dropout import Dropout, Dropout2d, StochasticDepth
from .....ops.merge import Identity
from ..task import Program

__all__ = ["drop_idle"]

IDLE = (Identity, Dropout, Dropout2d, StochasticDepth)


def drop_idle(program: Program) -> None:
    """Let the readers of an idle layer read its input."""
    idle = [task for task in program.tasks if isinstance(task.operator, IDLE)]
    for task in idle:
        program.replace(task.outputs[0], task.inputs[0])
    program.remove(idle)
