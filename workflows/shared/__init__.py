"""What the machines share: expressions, retries, rows and placeholder names."""
