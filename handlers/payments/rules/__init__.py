"""Rules and values of payments: no AWS, no log, no environment."""
