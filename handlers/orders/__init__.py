"""The order's row, its states and events, its reviews, and who publishes them."""
