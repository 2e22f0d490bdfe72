"""The explorer: choose in a notebook, and see who claims what."""

from claimbook.notebook.explorer.widget import Explorer, explore

__all__ = ["Explorer", "explore"]
