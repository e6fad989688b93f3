"""The systems of the order life cycle, made of the building blocks."""
