"""Which files a scene may refer to."""

import os

from .failure import Failure
from .needed_files import MOST_FILES


def check_limits(needed, limits):
    """
    What a scene refers to may be seen in its picture, so one that was sent here by somebody is kept to its folder, and
    all are kept out of the host's own. src/main/engines/blender/blend-access.ts says which.
    """
    within, closed, opened = limits["within"], limits["closed"], limits["openInClosed"]
    if needed is None or len(needed) >= MOST_FILES:
        if within is not None:
            raise Failure("outside", "more than can be looked at")
        return
    for file in needed:
        path = file["path"]
        if file["form"] == "computed" or not os.path.isabs(path):
            if within is not None:
                raise Failure("outside", path)
            continue
        real = os.path.realpath(path)
        hidden = closed is not None and is_below(real, closed) and not (opened is not None and is_below(real, opened))
        if hidden or (within is not None and not any(is_below(real, folder) for folder in within)):
            raise Failure("outside", path)


def is_below(path, folder):
    try:
        return os.path.commonpath([os.path.normcase(path), os.path.normcase(folder)]) == os.path.normcase(folder)
    except ValueError:
        # On another drive.
        return False
