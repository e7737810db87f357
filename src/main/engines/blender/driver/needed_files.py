# Which files of an opened .blend are missing. It stands before inspect_file.py and before render.py, so that both tell the same.
import os
import traceback

import bpy


def missing_files():
    found = []

    def check(kind, name, path, owner=None, exists=os.path.exists):
        if path == "" or path.startswith("<"):
            return
        absolute = os.path.normpath(bpy.path.abspath(path, library=getattr(owner, "library", None)))
        if not exists(absolute):
            entry = {"kind": kind, "name": name, "path": absolute}
            if entry not in found:
                found.append(entry)

    for library in bpy.data.libraries:
        if getattr(library, "packed_file", None) is None:
            # Also those of other libraries: Blender makes all these paths relative to the file that it opened.
            check("library", library.name, library.filepath)
    for image in used(bpy.data.images):
        packed = image.packed_file is not None or len(getattr(image, "packed_files", ())) > 0
        if packed or image.source not in {"FILE", "SEQUENCE", "MOVIE", "TILED"}:
            continue
        if image.source == "TILED":
            for tile in image.tiles:
                check("image", image.name, image.filepath.replace("<UDIM>", str(tile.number)), image)
        elif image.source == "SEQUENCE":
            check("image", image.name, image.filepath, image, sequence_exists)
        else:
            check("image", image.name, image.filepath, image)
    for clip in used(bpy.data.movieclips):
        check("movie", clip.name, clip.filepath, clip, sequence_exists if clip.source == "SEQUENCE" else os.path.exists)
    for font in used(bpy.data.fonts):
        if font.packed_file is None:
            check("font", font.name, font.filepath, font)
    for sound in used(bpy.data.sounds):
        if sound.packed_file is None:
            check("sound", sound.name, sound.filepath, sound)
    for cache in used(bpy.data.cache_files):
        check("cache", cache.name, cache.filepath, cache, sequence_exists if cache.is_sequence else os.path.exists)
    for volume in used(getattr(bpy.data, "volumes", ())):
        if volume.packed_file is None:
            check("volume", volume.name, volume.filepath, volume, sequence_exists if volume.is_sequence else os.path.exists)
    for thing in bpy.data.objects:
        for modifier in thing.modifiers:
            # Not those of fluids: Blender makes their folders when it opens a file.
            if getattr(getattr(modifier, "point_cache", None), "use_external", False):
                check("cache", thing.name, modifier.point_cache.filepath, thing)
    for tree in node_trees():
        for node in tree.nodes:
            if node.bl_idname in {"ShaderNodeScript", "ShaderNodeTexIES"} and node.mode == "EXTERNAL":
                check("file", node.name, node.filepath, tree)
    for scene in bpy.data.scenes:
        if not attempt(uses_sequencer, False, scene):
            continue
        for strip in strips_of(scene):
            if strip.type == "MOVIE":
                check("movie", strip.name, strip.filepath, scene)
            elif strip.type == "IMAGE":
                for element in strip.elements:
                    check("image", strip.name, os.path.join(strip.directory, element.filename), scene)
    return found


def used(collection):
    return [data for data in collection if data.users > (1 if data.use_fake_user else 0)]


def node_trees():
    yield from bpy.data.node_groups
    for data in (*bpy.data.materials, *bpy.data.worlds, *bpy.data.lights):
        if data.node_tree is not None:
            yield data.node_tree


def sequence_exists(path):
    """One picture of a sequence is named; any other will do, since frames may begin elsewhere."""
    if os.path.exists(path):
        return True
    folder, name = os.path.split(path)
    stem = os.path.splitext(name)[0].rstrip("0123456789")
    ending = os.path.splitext(name)[1]
    try:
        return any(other.startswith(stem) and other.endswith(ending) for other in os.listdir(folder))
    except OSError:
        return False


def uses_sequencer(scene):
    return bool(scene.render.use_sequencer and strips_of(scene))


def strips_of(scene):
    editor = scene.sequence_editor
    if editor is None:
        return []
    return list(editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all)


def attempt(function, otherwise, *arguments):
    """What a detail can't be had for, in some version of Blender, must not cost the rest."""
    try:
        return function(*arguments)
    except Exception:
        traceback.print_exc()
        return otherwise
