"""Add-ons that are to start with Blender."""

import os
import sys

import bpy


def idle_addons():
    """
    Names of the person's own add-ons that Blender was to start and could not. Those that Blender brought don't count:
    Debian's builds lack what some of them need, and no image does.
    """
    import addon_utils

    wanted = [name for name in bpy.context.preferences.addons.keys() if not addon_utils.check(name)[1]]
    # All add-ons there are have to be read for their names.
    if not wanted:
        return []
    files = {module.__name__: module.__file__ for module in addon_utils.modules(refresh=False)}
    return [name for name in wanted if name in files and not is_brought(files[name])]


def has_own_code():
    """Whether add-ons or startup scripts run in this Blender that it did not bring."""
    names = bpy.context.preferences.addons.keys()
    files = [getattr(sys.modules[name], "__file__", None) for name in names if name in sys.modules]
    for folder in bpy.utils.script_paths(subdir="startup"):
        if not is_brought(folder):
            files += [os.path.join(folder, name) for name in os.listdir(folder) if not name.startswith((".", "__"))]
    return any(file is None or not is_brought(file) for file in files)


def is_brought(file):
    return os.path.realpath(file).startswith(os.path.realpath(bpy.utils.system_resource("SCRIPTS")) + os.sep)
