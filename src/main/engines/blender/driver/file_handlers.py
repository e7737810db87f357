"""Handlers that scripts inside of a .blend have set up."""

import os

import bpy


def drop_file_handlers():
    """
    Persistent ones outlast their file: loaded again, its scripts set them up again, and each would run twice for a
    frame. Those of modules on the disk stay, since Python runs these once only.
    """
    for name in dir(bpy.app.handlers):
        list_ = getattr(bpy.app.handlers, name)
        if isinstance(list_, list):
            list_[:] = [handler for handler in list_ if not is_of_blend(handler)]


def is_of_blend(handler):
    """Blender takes a text for a file within the .blend, as if that were a folder."""
    file = getattr(handler, "__globals__", {}).get("__file__")
    return isinstance(file, str) and os.path.isfile(os.path.dirname(file))
