"""Render settings with keys or drivers."""

from .animation import curves_of


def keyed_settings(scene):
    """
    The render settings that animation changes, by name. `-a` copies a scene's settings once, before its first frame,
    and for some of them (the shutter of motion blur) that copy counts, whatever the keys say later.
    """
    render = scene.render
    keyed = {curve.data_path for curve in curves_of(scene)}
    names = [each.identifier for each in render.bl_rna.properties if each.is_animatable]
    return {name: value_of(render, name) for name in names if keyed and render.path_from_id(name) in keyed}


def put_back(scene, settings):
    """Undoes what the evaluation of the frame before has written into the scene."""
    for name, value in settings.items():
        if value_of(scene.render, name) != value:
            setattr(scene.render, name, value)


def value_of(render, name):
    value = getattr(render, name)
    return tuple(value) if hasattr(value, "__len__") and not isinstance(value, (str, set)) else value
