"""Which scripts draw the lines of an opened .blend."""

import bpy


def has_line_scripts():
    return any(settings.mode == "SCRIPT" for settings, _ in line_scripts())


def drop_line_scripts():
    """
    Blender runs the modules of Freestyle's Python mode whenever it draws, whether scripts are allowed or not. The mode
    can be animated, so they go whatever it is now.
    """
    for settings, module in line_scripts():
        settings.modules.remove(module)


def line_scripts():
    found = [
        layer.freestyle_settings
        for scene in bpy.data.scenes
        for layer in scene.view_layers
        if hasattr(layer, "freestyle_settings")
    ]
    return [(settings, module) for settings in found for module in settings.modules if module.script is not None]
