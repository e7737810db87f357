# Run by Blender: opens the .blend that is named behind "--" and writes what is in it to result.json in the present folder. Written for Blender 2.93 and later.
# It looks and changes nothing, and nothing inside of the file is run.
import ctypes
import json
import os
import signal
import sys
import traceback

import bpy


def end_with_host():
    """Where the system can do it, it ends this process with the one that waits for it."""
    if sys.platform == "linux":
        try:
            PR_SET_PDEATHSIG = 1
            ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        except (OSError, AttributeError):
            pass


def main():
    end_with_host()
    path = sys.argv[sys.argv.index("--") + 1]
    result = {"blender": bpy.app.version_string, "error": None}
    try:
        bpy.ops.wm.open_mainfile(filepath=path, use_scripts=False)
    except RuntimeError as error:
        # Also raised for things that are wrong with a file that was opened all the same.
        if not same_file(bpy.data.filepath, path):
            result["error"] = str(error).strip() or "no reason was given"
    if result["error"] is None:
        result.update(describe())
    with open("result.tmp", "w", encoding="utf-8", errors="replace") as file:
        json.dump(result, file)
    os.replace("result.tmp", "result.json")


def same_file(a, b):
    return a != "" and os.path.realpath(a) == os.path.realpath(b)


def describe():
    return {
        "activeScene": bpy.context.scene.name,
        "scenes": [describe_scene(scene) for scene in bpy.data.scenes if scene.library is None],
        "scripts": has_scripts(),
        "missing": attempt(missing_files, []),
        "missingData": attempt(missing_data, []),
        "savedBy": list(bpy.data.version),
        "runBy": list(bpy.app.version),
        "denoiser": has_denoiser(),
    }


def attempt(function, otherwise, *arguments):
    """What a detail can't be had for, in some version of Blender, must not cost the rest."""
    try:
        return function(*arguments)
    except Exception:
        traceback.print_exc()
        return otherwise


def describe_scene(scene):
    render = scene.render
    settings = render.image_settings
    return {
        "name": scene.name,
        "frameStart": scene.frame_start,
        "frameEnd": scene.frame_end,
        "frameStep": scene.frame_step,
        "fps": render.fps / render.fps_base,
        "width": render.resolution_x,
        "height": render.resolution_y,
        "percentage": render.resolution_percentage,
        "camera": scene.camera.name if scene.camera else None,
        "cameras": sorted(thing.name for thing in scene.objects if thing.type == "CAMERA"),
        "engine": render.engine,
        "samples": {
            "cycles": attempt(lambda: scene.cycles.samples, None),
            "eevee": attempt(lambda: scene.eevee.taa_render_samples, None),
        },
        "output": render.filepath,
        "fileFormat": settings.file_format,
        "movie": bool(render.is_movie_format),
        "views": attempt(views_of, [""], scene),
        "viewLayers": [layer.name for layer in scene.view_layers if layer.use],
        "sequencer": attempt(uses_sequencer, False, scene),
        "compositor": attempt(lambda: compositor_of(scene) is not None, False),
        "fileOutputs": attempt(file_outputs, [], scene),
        "denoising": attempt(wants_denoiser, False, scene),
    }


def views_of(scene):
    """Suffixes of the image files of one frame: one file holds both views of a stereo image, or all views of an OpenEXR, where the file asks for that."""
    render = scene.render
    if not render.use_multiview or render.image_settings.views_format != "INDIVIDUAL":
        return [""]
    views = [view for view in render.views if view.use]
    if render.views_format == "STEREO_3D":
        views = [view for view in views if view.name in ("left", "right")]
    return [view.file_suffix for view in views] or [""]


def strips_of(scene):
    editor = scene.sequence_editor
    if editor is None:
        return []
    return list(editor.strips_all if hasattr(editor, "strips_all") else editor.sequences_all)


def uses_sequencer(scene):
    return bool(scene.render.use_sequencer and strips_of(scene))


def compositor_of(scene):
    if not scene.render.use_compositing:
        return None
    if hasattr(scene, "compositing_node_group"):
        return scene.compositing_node_group
    return scene.node_tree if scene.use_nodes else None


def file_outputs(scene):
    tree = compositor_of(scene)
    if tree is None:
        return []
    nodes = [node for node in tree.nodes if node.bl_idname == "CompositorNodeOutputFile" and not node.mute]
    return [node.directory if hasattr(node, "directory") else node.base_path for node in nodes]


def wants_denoiser(scene):
    if scene.render.engine == "CYCLES" and scene.cycles.use_denoising and scene.cycles.denoiser != "OPTIX":
        return True
    tree = compositor_of(scene)
    return tree is not None and any(node.bl_idname == "CompositorNodeDenoise" and not node.mute for node in tree.nodes)


def has_denoiser():
    try:
        import _cycles

        return bool(_cycles.with_openimagedenoise)
    except (ImportError, AttributeError):
        return None


def all_data():
    for property in bpy.data.bl_rna.properties:
        if property.type == "COLLECTION":
            yield from getattr(bpy.data, property.identifier)


def has_scripts():
    if any(text.use_module for text in bpy.data.texts):
        return True
    for data in all_data():
        for owner in (data, getattr(data, "node_tree", None), getattr(data, "shape_keys", None)):
            animation = getattr(owner, "animation_data", None)
            if animation is None:
                continue
            for curve in animation.drivers:
                if curve.driver.type == "SCRIPTED" and not curve.driver.is_simple_expression:
                    return True
    return bool(bpy.app.autoexec_fail)


def missing_data():
    """Linked data that its library lacks. Older Blenders print it instead, see inspect-blend.ts."""
    return [
        {"name": data.name, "library": data.library.filepath if data.library else ""}
        for data in all_data()
        if getattr(data, "is_missing", False)
    ]


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


main()
