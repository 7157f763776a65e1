"""The typed graph between the checker and everything that uses a network."""

from __future__ import annotations

from .graph import Block, Graph, Head, Node, Value, join_path

__all__ = ["Block", "Graph", "Head", "Node", "Value", "join_path"]
