"""What changes when a file that the scene needs does."""

import os

from .needed_files import files_in, files_of_sequence

# Of longer sequences and larger folders only the folder itself is looked at, which changes when a file comes, goes or
# is replaced.
MOST_OF_A_FOLDER = 2_000


def stamp(path):
    """What changes when a file does; None where there is none."""
    try:
        info = os.stat(path)
    except OSError:
        return None
    return (info.st_mtime_ns, info.st_size, info.st_ino)


def stamps_of(needed):
    """Of every file that the opened one needs, also of those that are not there."""
    stamps = {}
    for file in needed:
        path, form = file["path"], file["form"]
        if form == "computed":
            continue
        inside = files_of_sequence(path) if form == "sequence" else files_in(path) if form == "folder" else []
        if len(inside) > MOST_OF_A_FOLDER:
            inside = [os.path.dirname(path) if form == "sequence" else path]
        for each in inside or [path]:
            stamps[each] = stamp(each)
    return stamps
