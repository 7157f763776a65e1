"""Shapes that do not suit: how they are told, and one search for what was meant."""
