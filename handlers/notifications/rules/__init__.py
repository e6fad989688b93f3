"""Rules and values of notifications: no AWS, no log, no environment."""
