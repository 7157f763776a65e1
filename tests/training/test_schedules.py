"""Schedules of the learning rate equal those of torch."""

from __future__ import annotations

import pytest
import torch
from torch.optim import lr_scheduler

from cnndsl.recipe import SCHEDULES
from cnndsl.recipe.schedules import (
    Cosine,
    Exponential,
    Linear,
    Multistep,
    OneCycle,
    Plateau,
    Schedule,
    Step,
)

EPOCHS = 20


def optimizer() -> torch.optim.Optimizer:
    return torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)


def rates(made, losses=()) -> list[float]:
    """torch's rate in each epoch."""
    found = []
    for epoch in range(EPOCHS):
        found.append(made.optimizer.param_groups[0]["lr"])
        made.optimizer.step()
        made.step(*([losses[epoch]] if losses else []))
    return found


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Step(every=3, gamma=0.5), lambda each: lr_scheduler.StepLR(each, 3, 0.5)),
        (Multistep(milestones=(4, 9)), lambda each: lr_scheduler.MultiStepLR(each, [4, 9])),
        (Exponential(gamma=0.9), lambda each: lr_scheduler.ExponentialLR(each, 0.9)),
        (Linear(minimum=0.1), lambda each: lr_scheduler.LinearLR(each, 1.0, 0.1, EPOCHS)),
        (Cosine(minimum=0.2), lambda each: lr_scheduler.CosineAnnealingLR(each, EPOCHS, 0.2)),
    ],
)
def test_epoch_by_epoch(ours: Schedule, theirs) -> None:
    expected = rates(theirs(optimizer()))
    for share in (0.0, 0.5):
        assert [ours.factor(epoch + share, EPOCHS) for epoch in range(EPOCHS)] == pytest.approx(expected, rel=1e-9)


def test_plateau() -> None:
    losses = [3, 2, 2, 2, 2, 1.99995, 1.9, 1.95, 1.9, 1.91, 1.8, 1.8, 1.8, 1.8, 1.8, 1.8, 1.8, 1.8, 1.8, 1.8]
    expected = rates(lr_scheduler.ReduceLROnPlateau(optimizer(), factor=0.5, patience=2), losses)
    ours = Plateau(gamma=0.5, patience=2)
    assert [ours.factor(epoch, EPOCHS, losses[:epoch]) for epoch in range(EPOCHS)] == pytest.approx(expected)


def test_one_cycle_step_by_step() -> None:
    """torch counts the steps from 0 to the last, which is the end; ours ends after the last step."""
    steps = 40
    made = lr_scheduler.OneCycleLR(optimizer(), 1.0, total_steps=steps + 1, pct_start=(0.3 * steps + 1) / (steps + 1))
    for step in range(steps):
        assert OneCycle().factor(step * EPOCHS / steps, EPOCHS) == pytest.approx(made.get_last_lr()[0], rel=1e-6)
        made.optimizer.step()
        made.step()


def test_every_schedule_begins_with_a_positive_rate() -> None:
    made = {"step": {"every": 2}, "exponential": {"gamma": 0.9}, "multistep": {"milestones": (3,)}}
    for name, kind in SCHEDULES.items():
        assert 0 < kind(**made.get(name, {})).factor(0, 10) <= 1
