"""How other frameworks write what is written here: their names and signatures as tables, and calls put into our words.

To teach another spelling, add a line to the tables of ``names`` or ``layers``. ``python`` reads statements that Python can
read, ``lookup`` puts one call into our words by the rows of the tables.
"""

from __future__ import annotations

from .names import (
    BLOCKS,
    FLOW,
    LEFT_OUT,
    SEVERAL,
    activation_meant,
    attribute_meant,
    attribute_named,
    fold,
    layer_meant,
    layer_named,
)
from .signatures import Signature, find_signature
from .translate import Argument, translate

__all__ = [
    "BLOCKS",
    "FLOW",
    "LEFT_OUT",
    "SEVERAL",
    "Argument",
    "Signature",
    "activation_meant",
    "attribute_meant",
    "attribute_named",
    "find_signature",
    "fold",
    "layer_meant",
    "layer_named",
    "translate",
]
