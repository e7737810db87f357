"""Add-ons that are to start with Blender."""

import os

import bpy


def idle_addons():
    """
    Names of the person's own add-ons that Blender was to start and could not. Those that Blender brought don't count:
    Debian's builds lack what some of them need, and no image does.
    """
    import addon_utils

    brought = os.path.realpath(bpy.utils.system_resource("SCRIPTS")) + os.sep
    files = {module.__name__: os.path.realpath(module.__file__) for module in addon_utils.modules(refresh=False)}
    wanted = [name for name in bpy.context.preferences.addons.keys() if not addon_utils.check(name)[1]]
    return [name for name in wanted if name in files and not files[name].startswith(brought)]
