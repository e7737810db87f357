"""Frames that cannot be rendered."""


class Failure(Exception):
    """A frame that can't be rendered. `cause` is for the host's code, the text for its sentence."""

    def __init__(self, cause, text=""):
        super().__init__(text)
        self.cause = cause
        self.text = text


def message_of(error):
    return str(error).strip().removeprefix("Error: ")
