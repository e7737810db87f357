"""Handlers that scripts inside of a .blend have set up."""

import os
import sys

import bpy


def all_handlers():
    lists = (getattr(bpy.app.handlers, name) for name in dir(bpy.app.handlers))
    return [list_ for list_ in lists if isinstance(list_, list)]


def known_handlers():
    """Those that are there now: before a file was loaded, Blender's, add-ons' and ours."""
    return [handler for list_ in all_handlers() for handler in list_]


def drop_file_handlers(known):
    """
    Persistent ones outlast their file: loaded again, its scripts set them up again, and each would run twice for a
    frame. Those of modules on the disk stay, since Python runs these once only.
    """
    for list_ in all_handlers():
        list_[:] = [
            handler for handler in list_ if any(handler is one for one in known) or not is_of_blend(handler)
        ]


def is_of_blend(handler):
    """
    Whether its code is that of no module, as where `exec` made it, or of a text, which can be a module as well. Only
    plain functions outlast a file.
    """
    variables = getattr(handler, "__globals__", {})
    module = sys.modules.get(variables.get("__name__"))
    return getattr(module, "__dict__", None) is not variables or is_of_text(variables.get("__file__"))


def is_of_text(file):
    """Blender takes a text for a file within the .blend, as if that were a folder; its name may have slashes."""
    folder = os.path.dirname(file) if isinstance(file, str) else ""
    while folder and folder != os.path.dirname(folder):
        if os.path.isfile(folder):
            return True
        folder = os.path.dirname(folder)
    return False
