"""An order's goods: reserved, released, and what the catalogue says of them."""
