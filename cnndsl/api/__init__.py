"""The few functions that people import: they know the whole way from text to graph, and nothing else does."""

from __future__ import annotations

from .checking import Checked, check_source, check_text
from .model import Model, load
from .solving import solve_layer_of, solve_source

__all__ = ["Checked", "Model", "check_source", "check_text", "load", "solve_layer_of", "solve_source"]
