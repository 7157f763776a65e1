"""Pictures that teach: why a layer's output has its shape, and what one output sees of the network's input."""

from __future__ import annotations

from .as_json import field_to_json, layer_to_json
from .explanation import Explanation, explain
from .field import FieldExplanation, explain_field, spatial
from .field_picture import draw_field
from .field_text import render_field_text
from .lanes import lanes_of
from .picture import draw_layer
from .positioned_dot import to_dot
from .scene import Scene
from .svg import to_svg
from .terminal import render_text

__all__ = [
    "Explanation",
    "FieldExplanation",
    "Scene",
    "draw_field",
    "draw_layer",
    "explain",
    "explain_field",
    "field_to_json",
    "lanes_of",
    "layer_to_json",
    "render_field_text",
    "render_text",
    "spatial",
    "to_dot",
    "to_svg",
]
