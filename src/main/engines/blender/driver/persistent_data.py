"""What Blender keeps of a frame for the next where a file has Persistent Data on."""

import bpy

from .physics import drawn_by, scenes_within, trees_of
from .versions import attempt


def keep_what_holds(scene, unbaked, warnings):
    """
    Switches Persistent Data off where Blender would go on with something of a frame before that is no longer so: a
    frame's picture must not depend on those that the worker drew before. It is never switched on: that is the file's
    choice, as with `blender -a`.
    """
    scenes = attempt(scenes_within, [scene], scene)
    asking = [each for each in scenes if each.render.use_persistent_data]
    stale = attempt(kept_too_long, ["something unknown"], scenes, unbaked) if asking else []
    if not stale:
        return
    for each in asking:
        each.render.use_persistent_data = False
    warnings.append(
        f"Persistent Data is on in the file but not used: Blender could reuse parts of earlier frames here ({', '.join(stale)})."
    )


def kept_too_long(scenes, unbaked):
    """
    Of what is drawn, all that Blender keeps though it changes from frame to frame: found by comparing pictures with and
    without Persistent Data in 3.4, 4.3 and 5.2, of which no two keep the same.
    """
    drawn = drawn_by(scenes)
    found = {
        "animated settings of the scene": any(has_animation(each) for each in scenes),
        # What no longer moves is blurred on.
        "motion blur": any(each.render.use_motion_blur for each in scenes),
        "physics that is not baked": bool(unbaked),
        # Divided for the first frame's camera.
        "adaptive subdivision": any(isinstance(data, bpy.types.Object) and is_subdivided_adaptively(data) for data in drawn),
        "hair": any(isinstance(data, bpy.types.ParticleSettings) and data.type == "HAIR" for data in drawn),
        # As where the object was.
        "displacement": any(isinstance(data, bpy.types.Material) and is_displaced(data) for data in drawn),
        "movies or sequences without Auto Refresh": any(stands_still(tree) for tree in trees_of(drawn)),
    }
    return [name for name, there in found.items() if there]


def has_animation(scene):
    animation = scene.animation_data
    return animation is not None and (
        animation.action is not None or len(animation.nla_tracks) > 0 or len(animation.drivers) > 0
    )


def is_subdivided_adaptively(thing):
    """From Blender 5 on the modifier says so, before that the object."""
    return any(
        getattr(owner, "use_adaptive_subdivision", False)
        for modifier in thing.modifiers
        if modifier.type == "SUBSURF"
        for owner in (modifier, getattr(thing, "cycles", None))
    )


def is_displaced(material):
    """From Blender 4.1 on the material itself says so, before that its settings for Cycles."""
    return any(
        getattr(owner, "displacement_method", "BUMP") != "BUMP"
        for owner in (material, getattr(material, "cycles", None))
    )


def stands_still(tree):
    return any(
        node.image.source in {"MOVIE", "SEQUENCE"} and not node.image_user.use_auto_refresh
        for node in tree.nodes
        if isinstance(getattr(node, "image", None), bpy.types.Image) and hasattr(node, "image_user")
    )
