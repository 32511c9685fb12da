"""What the imports room refuses."""

from app.kernel.errors import AppError


class UnreadableFileError(AppError):
    """The file is not what it was said to be."""

    code = "unreadable-file"
    title = "The file cannot be read"
