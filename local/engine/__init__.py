"""The providers `aws` and `random` for Pulumi's own engine, on the embedded cloud."""
