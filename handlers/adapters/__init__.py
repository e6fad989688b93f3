"""What the rules need from outside: tables, the bus, executions, the payment gateway."""
