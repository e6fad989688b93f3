"""Rules and values of stock: no AWS, no log, no environment."""
