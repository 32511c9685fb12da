"""The refusals of this room."""

from app.kernel.errors import AppError, NotAllowedError, NotFoundError


class InvalidTokenError(AppError):
    """The caller could not be identified, for whatever reason.

    It takes no arguments: a missing, malformed, unknown, expired or revoked key and a wrong secret
    get the same answer, so that nobody learns from it which keys exist. The true reason is in the
    log only.
    """

    code = "invalid-token"
    title = "A valid API key is needed"

    def __init__(self) -> None:
        super().__init__("Send a valid API key as a bearer token, or as the user name of Basic.")


class RoleTooLowError(NotAllowedError):
    """The caller is known, and this takes a higher role."""

    def __init__(self, required: str) -> None:
        super().__init__(f"This takes the role {required}.", required=required)


class KeyNotFoundError(NotFoundError):
    """No key has this id."""

    def __init__(self) -> None:
        super().__init__("There is no API key with this id.")
