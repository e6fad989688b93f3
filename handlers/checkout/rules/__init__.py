"""Rules and values of checkout: no AWS, no log, no environment."""
