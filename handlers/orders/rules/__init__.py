"""Rules and values of orders: no AWS, no log, no environment."""
