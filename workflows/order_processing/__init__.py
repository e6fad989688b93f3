"""Order processing: verify, reserve, charge, record."""
