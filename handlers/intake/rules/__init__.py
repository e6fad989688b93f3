"""Rules and values of intake: no AWS, no log, no environment."""
