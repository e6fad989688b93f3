"""Rules and values of recovery: no AWS, no log, no environment."""
