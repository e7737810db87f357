"""Frames that cannot be rendered."""

# More names are not listed in a sentence.
MOST_NAMES = 20


class Failure(Exception):
    """A frame that can't be rendered. `cause` is for the host's code, the text for its sentence."""

    def __init__(self, cause, text=""):
        super().__init__(text)
        self.cause = cause
        self.text = text


def message_of(error):
    return str(error).strip().removeprefix("Error: ")


def in_words(names):
    """As src/main/engines/names-in-words.ts does it; names in a .blend are short."""
    names = list(names)
    more = len(names) - MOST_NAMES
    return ", ".join(f"“{name}”" for name in names[:MOST_NAMES]) + (f" and {more} more" if more > 0 else "")
