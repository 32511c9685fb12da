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


class SignInNeededError(NotAllowedError):
    """The page is for those who are signed in, and nobody is; or the session has ended."""

    code = "sign-in-needed"
    title = "Sign in first"

    def __init__(self) -> None:
        super().__init__("Sign in with an API key; a session ends by itself after a while.")


class CrossSiteFormError(NotAllowedError):
    """A form was sent from another site, or the browser does not say from where."""

    code = "cross-site-form"
    title = "The form was sent from another site"

    def __init__(self) -> None:
        super().__init__("Open the form here and send it from there, with a browser of our day.")


class FormTokenError(NotAllowedError):
    """A form does not carry the token of the session that it is sent in."""

    code = "invalid-form-token"
    title = "The form is of another session"

    def __init__(self) -> None:
        super().__init__("The form was opened in another session; open it again.")


class TooManyAttemptsError(NotAllowedError):
    """Signing in has failed too often from where the call comes from."""

    code = "too-many-attempts"
    title = "Too many attempts to sign in"

    def __init__(self, seconds: int) -> None:
        super().__init__("Signing in failed too often; wait a while.", retry_after=seconds)
