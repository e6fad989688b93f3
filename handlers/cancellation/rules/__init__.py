"""Rules and values of cancellation: no AWS, no log, no environment."""
