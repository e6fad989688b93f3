"""Rules and values of fulfillment: no AWS, no log, no environment."""
