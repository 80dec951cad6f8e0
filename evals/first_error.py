"""The error that ended a group of tasks: its callers know it by its type."""


def first_of(failures: ExceptionGroup[Exception]) -> Exception:
    """The first error that is no group itself."""
    error: Exception = failures
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    return error
