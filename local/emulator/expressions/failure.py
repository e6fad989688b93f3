"""Why an expression has no value."""


class JsonataError(Exception):
    """The expression could not be evaluated; the text is the evaluator's reason."""


class LimitExceeded(BaseException):
    """An evaluation took more than AWS allows; no handler of the library's own takes it."""


STACK_OVERFLOW = (
    "Stack overflow error: Check for non-terminating recursive function. "
    "Consider rewriting as tail-recursive"
)
OUT_OF_MEMORY = "Expression evaluation memory limit exceeded: Check for excessive memory usage"
OUT_OF_TIME = "Expression evaluation timeout: Check for infinite loop"
