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


def uses_sequencer(scene):
    return bool(scene.render.use_sequencer and strips_of(scene))


def strips_of(scene):
    editor = scene.sequence_editor
    if editor is None:
        return []
    return list(editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all)
