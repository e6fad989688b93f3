"""Rules and values of shared: no AWS, no log, no environment."""
