"""The functions' code: thin entry points over pure rules and adapters to AWS and the gateway."""
