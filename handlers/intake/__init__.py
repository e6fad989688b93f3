"""Orders come in, are queued and started, and are looked at."""
