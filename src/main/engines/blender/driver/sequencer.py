"""Strips, and which scenes are drawn by them."""

import bpy

from .versions import attempt


def drawn_sequencers():
    """
    Scenes whose sequencer is drawn: by their own render, or as a strip of another, which doesn't ask whether they use
    it.
    """
    drawn = [scene for scene in bpy.data.scenes if attempt(uses_sequencer, False, scene)]
    for scene in drawn:
        drawn += [
            other
            for other in {strip.scene for strip in strips_of(scene) if strip.type == "SCENE"}
            if other is not None and other not in drawn
        ]
    return drawn


def rendered_scenes(scene):
    """A scene, and those that its sequencer shows: Blender renders each of them with its own compositor."""
    scenes = [scene]
    for each in scenes:
        if attempt(uses_sequencer, False, each):
            shown = [strip.scene for strip in strips_of(each) if strip.type == "SCENE"]
            scenes += [other for other in dict.fromkeys(shown) if other is not None and other not in scenes]
    return scenes


def forget_retimed_frames():
    """
    Blender 5.2 draws an interpolated Speed strip's source at other frames, and leaves the strip's own picture as that of
    one of them: should that frame be rendered next, it is shown as it stands (4.3 does not). A value of the strip that
    is set lets go of it.
    """
    for scene in attempt(drawn_sequencers, []):
        for strip in strips_of(scene):
            if strip.type == "SPEED" and strip.use_frame_interpolate:
                strip.use_frame_interpolate = True


def uses_sequencer(scene):
    return bool(scene.render.use_sequencer and strips_of(scene))


def strips_of(scene):
    editor = scene.sequence_editor
    if editor is None:
        return []
    return list(editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all)
