"""Specs made of models that are written elsewhere: PyTorch and Keras in Python, Darknet's ``.cfg``.

A text becomes a trace, the layers in the order in which they run and what each of them reads (``python`` walks a program's
tree and never runs it, ``darknet`` reads sections); a trace becomes regions, branches and scopes (``regions``), and those
become the text of a spec (``writer``). Names and signatures of layers are the tables of ``translation``.
"""

from .result import Imported, import_source

__all__ = ["Imported", "import_source"]
