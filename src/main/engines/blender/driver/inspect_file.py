# Run by Blender: opens the .blend that is named behind "--" and writes what is in it to result.json in the present folder. Written for Blender 2.93 and later.
# It looks and changes nothing, and nothing inside of the file is run.
import ctypes
import json
import os
import signal
import sys

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


main()
