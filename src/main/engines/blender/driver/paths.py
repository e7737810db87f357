"""Paths as a .blend names them."""

import os
import re

import bpy

# What Blender has room for, in bytes: it cuts off the rest of a path without a word.
MOST_BYTES = 1023


def absolute(path, library=None):
    """
    Where Blender reads what a .blend, or a library of it, names by this path. A path that leads nowhere stays
    relative: one that is relative to no .blend, or longer than Blender takes.
    """
    relative = path.startswith("//")
    base = bpy.data.filepath if library is None else absolute(library.filepath)
    folder = os.path.dirname(base).rstrip("/") if relative else ""
    if len(os.fsencode(folder + path)) > MOST_BYTES:
        return path.lstrip("/\\")
    return os.path.normpath(folder + native(path)[1 if relative else 0 :])


def native(path):
    """
    A path with the slashes of this system, also where the .blend was saved on Windows. Beside Windows, Blender takes
    each `\\` for `/`, several of them for one, and `C:\\` for `/c/` (measured with 3.4, 4.3 and 5.2).
    """
    if os.name != "posix" or path.startswith("\\\\"):
        return path
    if re.match(r"[A-Za-z]:[/\\]", path):
        path = f"/{path[0].lower()}{path[2:]}"
    start = "//" if path.startswith("//") else ""
    return start + re.sub(r"[/\\]+", "/", path[len(start) :])
