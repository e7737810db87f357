"""Opens the .blend that is named behind "--" and writes what is in it to result.json in the host's folder.

Written for Blender 2.93 and later. It looks and changes nothing, and nothing inside of the file is run.
"""

import json
import os
import re
import sys

import bpy

from .compositor import composited_scenes, compositor_of, trees_within
from .image_size import crop_of, joined_views
from .line_scripts import has_line_scripts
from .needed_files import MOST_FILES, missing_files, needed_files
from .paths import absolute, native
from .physics import unbaked_physics
from .process import end_with_host, flush_output
from .sequencer import rendered_scenes, uses_sequencer
from .versions import attempt
from .views import suffixes, views_in_files


def main(folder):
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
    tell(result, folder)
    flush_output()
    # Blender takes a while to take itself apart, and there is nothing to save.
    os._exit(0)


def tell(result, folder):
    written = os.path.join(folder, "result.tmp")
    with open(written, "w", encoding="utf-8", errors="replace") as file:
        json.dump(result, file)
    os.replace(written, os.path.join(folder, "result.json"))


def same_file(a, b):
    return a != "" and os.path.realpath(a) == os.path.realpath(b)


def describe():
    told = attempt(needed_files, None)
    needed = told or []
    active = bpy.context.scene
    return {
        "activeScene": active.name,
        # The active one may be linked, and have the name of another.
        "scenes": [
            describe_scene(scene)
            for scene in bpy.data.scenes
            if scene == active or (scene.library is None and scene.name != active.name)
        ],
        "scripts": has_scripts(),
        "handlers": attempt(has_handlers, False),
        "needed": [
            {
                "path": file["path"],
                "form": file["form"],
                "library": file["kind"] == "library",
                "relative": file["relative"],
            }
            for file in needed
        ],
        "allNeeded": told is not None and len(told) < MOST_FILES,
        "missing": missing_files(needed),
        "missingData": attempt(missing_data, []),
        "savedBy": list(bpy.data.version),
        "runBy": list(bpy.app.version),
        "denoiser": has_denoiser(),
        "gpu": attempt(has_gpu, None) if any(attempt(wants_gpu, False, scene) for scene in bpy.data.scenes) else None,
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
        "lacksCamera": attempt(lacks_camera, scene.camera is None, scene),
        "drawsItself": attempt(draws_itself, True, scene),
        "engine": render.engine,
        "samples": {
            "cycles": attempt(lambda: scene.cycles.samples, None),
            "eevee": attempt(lambda: scene.eevee.taa_render_samples, None),
        },
        "output": attempt(output_of, render.filepath, scene),
        "fileFormat": settings.file_format,
        "movie": bool(render.is_movie_format),
        "bareNames": attempt(has_bare_names, False, scene),
        "views": attempt(views_of, [""], scene),
        "crop": attempt(crop_of, None, render),
        "joinedViews": attempt(joined_views, None, render),
        "separateViews": attempt(separate_views_of, None, scene),
        "viewLayers": [layer.name for layer in scene.view_layers if layer.use],
        "sequencer": attempt(uses_sequencer, False, scene),
        "compositor": attempt(lambda: compositor_of(scene) is not None, False),
        "fileOutputs": attempt(file_outputs, [], scene),
        "furtherFiles": attempt(lambda: further_files(scene)[0], []),
        "allFurtherFiles": attempt(lambda: further_files(scene)[1], False),
        "denoising": attempt(wants_denoiser, False, scene),
        "gpu": attempt(wants_gpu, False, scene),
        "unbaked": attempt(unbaked_physics, [], scene),
        "viewTransform": attempt(view_transform_of, None, scene),
        "composited": attempt(names_of_composited, [], scene),
    }


# Of bpy.app.handlers, those that are called as frames go by.
FRAME_HANDLER = re.compile(
    r"\b(?:(?:frame_change|depsgraph_update|render)_(?:pre|post)|render_(?:init|complete|cancel|write|stats))\b"
)


def lacks_camera(scene):
    """Whether it has none, and no marker sets one: before the first marker, Blender takes that one's camera."""
    return scene.camera is None and not any(
        marker.camera is not None and not marker.camera.hide_render for marker in scene.timeline_markers
    )


def draws_itself(scene):
    """Whether its own objects are rendered: not for a compositor that takes none of its render layers."""
    return compositor_of(scene) is None or scene in composited_scenes(scene)


def output_of(scene):
    """The scene's output with the names in braces resolved that Blender 5 knows, its `#` left as they are."""
    render = scene.render
    path = render.filepath
    if bpy.app.version < (5, 0) or "{" not in path:
        return path
    # Blender tells a frame's whole path; a character of nobody's keeps the place of the frame's number.
    RELATIVE, NUMBER = "//", "\ue000"
    relative = path.startswith(RELATIVE)
    kept = (render.filepath, render.use_file_extension)
    try:
        render.use_file_extension = False
        render.filepath = "/" + path[len(RELATIVE) :].replace("#", NUMBER) if relative else path.replace("#", NUMBER)
        # Without `#`, it adds four digits.
        whole = render.frame_path(frame=1)[: -len("0001")]
    finally:
        render.filepath, render.use_file_extension = kept
    whole = whole.replace(NUMBER, "#")
    return RELATIVE + whole.lstrip("/\\") if relative else whole


def has_bare_names(scene):
    """Whether Blender writes its images, or those of File Output nodes, without their format's extension."""
    render = scene.render
    if render.use_file_extension or render.is_movie_format:
        return False
    own = render.file_extension
    endings = {".jpg": (".jpg", ".jpeg"), ".tif": (".tif", ".tiff")}.get(own, (own,))
    # In Blender 5 each has a setting of its own, which holds here too.
    nodes = [node for node in output_nodes(scene) if not hasattr(node, "use_file_extension")]
    return not render.filepath.lower().endswith(endings) or len(nodes) > 0


def view_transform_of(scene):
    """Its name; None for another display than sRGB, whose transforms of that name are others."""
    return scene.view_settings.view_transform if scene.display_settings.display_device == "sRGB" else None


def views_of(scene):
    """Suffixes of the image files of one frame."""
    return suffixes(scene.render) if views_in_files(scene.render) == "INDIVIDUAL" else [""]


def separate_views_of(scene):
    """The same for images in a format that cannot hold all views, as the file's own does; None where that is no matter."""
    return suffixes(scene.render) if views_in_files(scene.render) == "MULTIVIEW" else None


def names_of_composited(scene):
    """Other scenes whose render layers its images show."""
    names = {each.name for within in rendered_scenes(scene) for each in composited_scenes(within) if each is not None}
    return sorted(names - {scene.name})


def file_outputs(scene):
    return [path_of(node) for node in output_nodes(scene)]


def output_nodes(scene):
    tree = compositor_of(scene)
    return [
        node
        for each in trees_within(tree, [])
        for node in each.nodes
        if node.bl_idname == "CompositorNodeOutputFile" and not node.mute
    ]


ENDINGS = {
    "PNG": ".png",
    "JPEG": ".jpg",
    "OPEN_EXR": ".exr",
    "OPEN_EXR_MULTILAYER": ".exr",
    "TIFF": ".tif",
    "WEBP": ".webp",
    "BMP": ".bmp",
    "TARGA": ".tga",
    "TARGA_RAW": ".tga",
    "HDR": ".hdr",
}


def further_files(scene):
    """
    Where File Output nodes write, with `#` for the frame's number: what can be told before, without the names that
    Blender 5 puts in for what is in braces; and whether that is all of them.
    """
    found = []
    all_told = True
    for node in output_nodes(scene):
        layered = node.format.file_format == "OPEN_EXR_MULTILAYER"
        if hasattr(node, "directory"):
            folder = node.directory
            files = (
                [(node.file_name, node.format)]
                if layered
                else [
                    (node.file_name + item.name, item.format if item.override_node_format else node.format)
                    for item in node.file_output_items
                ]
            )
        elif layered:
            folder, name = os.path.split(node.base_path)
            files = [(name, node.format)]
        else:
            folder = node.base_path
            files = [(slot.path, node.format if slot.use_node_format else slot.format) for slot in node.file_slots]
        for name, format in files:
            path = absolute(f"{folder or '//'}/{name}")
            ending = ENDINGS.get(format.file_format)
            bare = not getattr(node, "use_file_extension", True)
            if bare or "{" in path or ending is None or not os.path.isabs(path) or path.endswith(ending):
                all_told = False
                continue
            found.append(path + ("" if "#" in os.path.basename(path) else "####") + ending)
    return found, all_told


def path_of(node):
    """Of a File Output node: its folder, or the file where all layers go into one."""
    if not hasattr(node, "directory"):
        return native(node.base_path)
    folder = native(node.directory)
    return os.path.join(folder, node.file_name) if node.format.file_format == "OPEN_EXR_MULTILAYER" else folder


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


def wants_gpu(scene):
    return scene.cycles.device == "GPU"


def has_gpu():
    """
    Whether Cycles finds a graphics card in this machine; which ones are enabled, only the person's own settings tell.
    """
    import _cycles

    kinds = ("CUDA", "OPTIX", "HIP", "METAL", "ONEAPI")
    return any(device[1] != "CPU" for kind in kinds for device in _cycles.available_devices(kind))


def all_data():
    for property in bpy.data.bl_rna.properties:
        # Blender 5 has all of them once more in one collection.
        if property.type == "COLLECTION" and property.identifier != "all_ids":
            yield from getattr(bpy.data, property.identifier)


def has_scripts():
    if any(text.use_module for text in bpy.data.texts) or attempt(has_line_scripts, False):
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


def has_handlers():
    """Whether scripts that run at opening seem to set up handlers of frames, which may remember something from one to another."""
    texts = [text.as_string() for text in bpy.data.texts if text.use_module]
    return any("handlers" in text and FRAME_HANDLER.search(text) for text in texts)


def missing_data():
    """Linked data that its library lacks. Older Blenders print it instead, see inspect-blend.ts."""
    return [
        {"name": data.name, "library": data.library.filepath}
        for data in all_data()
        # A library that is missing itself is told of as a file; so is, then, what was to come from it.
        if getattr(data, "is_missing", False) and data.library is not None
    ]
