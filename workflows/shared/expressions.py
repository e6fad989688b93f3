"""JSONata expressions that several machines share."""

MESSAGE = (
    "($cause := $states.errorOutput.Cause;"
    r' $message := $match($cause, /"errorMessage": *("(?:[^\\"]|\\.)*")/, 1).groups[0];'
    " $exists($message) ? $parse($message)"
    " : $exists($cause) ? $cause : $states.errorOutput.Error)"
)
"""The sentence of a caught error.

Lambda wraps a handler's message in a JSON document, which may be cut off in the middle: only the
whole message in it is parsed, because an expression that fails inside a catcher is itself
uncaught.
"""


def jsonata(expression: str) -> str:
    """An expression as a JSONata string of the Amazon States Language."""
    return "{% " + expression + " %}"


def one_of(words: tuple[str, ...]) -> str:
    """A JSONata list of string literals."""
    return "[" + ", ".join(f"'{word}'" for word in words) + "]"
