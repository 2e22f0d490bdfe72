"""The rules of comparison: relations, questions, fidelity, changes."""
