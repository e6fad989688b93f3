"""Every expression of the definitions, against JSONata's reference implementation."""
