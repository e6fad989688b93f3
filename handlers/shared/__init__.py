"""Serve every function: HTTP, batches, log, environment, JSON, money, time, DynamoDB."""
