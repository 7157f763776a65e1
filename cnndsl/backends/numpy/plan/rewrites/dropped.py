"""What does nothing in evaluation is left out."""

from __future__ import annotations

from ..task import Program

__all__ = ["drop_idle"]

IDLE = ("identity", "dropout", "dropout2d", "stochastic_depth")


def drop_idle(program: Program) -> None:
    """Let the readers of an idle layer read its input."""
    idle = [task for task in program.tasks if task.operator.name in IDLE]
    for task in idle:
        program.replace(task.outputs[0], task.inputs[0])
    program.remove(idle)
