"""Placeholder names, so that a definition can be rendered and checked before anything exists."""

ACCOUNT = "123456789012"
REGION = "us-east-1"


def function(name: str) -> str:
    """The ARN that a function called `name` would have."""
    return f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}"
