"""Figures, each an object that knows its numbers, its size and its words."""
