"""The command `orders load`: many orders at once, and what became of each."""
