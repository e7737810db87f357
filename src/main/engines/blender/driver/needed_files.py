"""Which files the pictures of an opened .blend need beside itself, and which of them are missing."""

import os

import bpy

from .paths import absolute
from .sequencer import drawn_sequencers, strips_of
from .versions import attempt

# More are not told of: whoever names so many made the file to be in the way.
MOST_FILES = 20_000


def needed_files():
    """
    Each once, as its `kind` and `name` for people, its absolute `path`, and its `form`: `file`; `sequence`, of which
    one picture is named; `folder`, with all that is in it; `computed`, what only shows when it is rendered, with words
    in place of the path. `idle`: it is not drawn as the file is, but could be in another frame. `missing`: what of it is
    missing, although the folder may be there. Nothing that is packed, and no caches that Blender writes while it
    renders. A path that is not absolute leads nowhere. `relative`: the scene names it by its way from a .blend only.
    """
    found = {}

    def need(kind, name, path, owner=None, form="file", idle=False, missing=None):
        if path in {"", "<builtin>"} or len(found) >= MOST_FILES:
            return
        place = absolute(path, getattr(owner, "library", None))
        file = found.setdefault(
            (form, place),
            {
                "kind": kind,
                "name": name,
                "path": place,
                "form": form,
                "idle": idle,
                "missing": missing,
                "relative": True,
            },
        )
        file["idle"] = file["idle"] and idle
        file["relative"] = file["relative"] and path.startswith("//")

    for library in bpy.data.libraries:
        if getattr(library, "packed_file", None) is None:
            # Also those of other libraries: Blender makes all these paths relative to the file that it opened.
            need("library", library.name, library.filepath)
    for image in used(bpy.data.images):
        # Pictures of a sequence and movies are read from their files, whatever is packed.
        packed = image.source in {"FILE", "TILED"} and (
            image.packed_file is not None or len(getattr(image, "packed_files", ())) > 0
        )
        if packed or image.source not in {"FILE", "SEQUENCE", "MOVIE", "TILED"}:
            continue
        if image.source == "TILED":
            for tile in image.tiles:
                need("image", image.name, path_of_tile(image.filepath, tile.number), image)
        else:
            need("image", image.name, image.filepath, image, "sequence" if image.source == "SEQUENCE" else "file")
    for clip in used(bpy.data.movieclips):
        need("movie", clip.name, clip.filepath, clip, "sequence" if clip.source == "SEQUENCE" else "file")
    for font in used(bpy.data.fonts):
        if font.packed_file is None:
            need("font", font.name, font.filepath, font)
    for sound in used(bpy.data.sounds):
        if sound.packed_file is None:
            need("sound", sound.name, sound.filepath, sound)
    for cache in used(bpy.data.cache_files):
        need("cache", cache.name, cache.filepath, cache, "sequence" if cache.is_sequence else "file")
        for layer in getattr(cache, "layers", ()):
            need("cache", cache.name, layer.filepath, cache)
    for volume in used(getattr(bpy.data, "volumes", ())):
        if volume.packed_file is None:
            need("volume", volume.name, volume.filepath, volume, "sequence" if volume.is_sequence else "file")
    for thing in bpy.data.objects:
        for modifier in thing.modifiers:
            attempt(need_caches, None, need, thing, modifier)
        for system in thing.particle_systems:
            need_points(need, thing, system.point_cache)
    for camera in used(bpy.data.cameras):
        # Blender 5: its rays may come from an OSL script.
        if getattr(camera, "custom_shader", None) is not None or getattr(camera, "custom_filepath", "") != "":
            need("file", camera.name, "what an OSL script reads", None, "computed")
    for tree in node_trees():
        for node in tree.nodes:
            if node.bl_idname in {"ShaderNodeScript", "ShaderNodeTexIES"} and node.mode == "EXTERNAL":
                need("file", node.name, node.filepath, tree)
            if node.bl_idname == "ShaderNodeScript":
                need("file", node.name, "what an OSL script reads", None, "computed")
            # Blender 4.5 and later: geometry, text and tables from files.
            path = node.inputs.get("Path") if node.bl_idname.startswith("GeometryNodeImport") else None
            if path is not None and path.is_linked:
                need("file", node.name, "a path that geometry nodes work out", None, "computed")
            elif path is not None:
                need("file", node.name, path.default_value, tree)
    drawn = drawn_sequencers()
    # Whether a sequencer is drawn can be animated.
    for scene in drawn + [scene for scene in bpy.data.scenes if scene not in drawn]:
        for strip in strips_of(scene):
            if strip.type == "MOVIE":
                need("movie", strip.name, strip.filepath, scene, idle=scene not in drawn)
            elif strip.type == "IMAGE":
                for element in strip.elements:
                    need(
                        "image",
                        strip.name,
                        path_of_element(strip.directory, element.filename),
                        scene,
                        idle=scene not in drawn,
                    )
    return list(found.values())


def need_caches(need, thing, modifier):
    need_points(need, thing, getattr(modifier, "point_cache", None))
    if modifier.type == "MULTIRES" and modifier.is_external:
        need("cache", thing.name, modifier.filepath, thing)
    domain = getattr(modifier, "domain_settings", None)
    if domain is not None and domain.cache_type != "REPLAY":
        # Blender may make the folders of fluids when it opens a file; what is baked lies below, whether the file was
        # saved before or after that.
        data = os.path.join(absolute(domain.cache_directory, thing.library), "data")
        ending = "vdb" if domain.cache_data_format == "OPENVDB" else "uni"
        first = os.path.join(data, f"fluid_data_{domain.cache_frame_start:04d}.{ending}")
        need(
            "cache",
            thing.name,
            domain.cache_directory,
            thing,
            "folder",
            idle=thing.hide_render or not modifier.show_render,
            missing=None if files_in(data) else first,
        )
    if modifier.type == "NODES" and getattr(modifier, "bake_directory", ""):
        need("cache", thing.name, modifier.bake_directory, thing, "folder")
    if modifier.type == "MESH_CACHE":
        need("cache", thing.name, modifier.filepath, thing)
    if modifier.type == "OCEAN" and modifier.is_cached:
        need("cache", thing.name, modifier.filepath, thing, "folder")


def need_points(need, thing, cache):
    if cache is not None and cache.use_external:
        need("cache", thing.name, cache.filepath, thing, "folder")
    elif cache is not None and cache.use_disk_cache and cache.is_baked:
        need(
            "cache",
            thing.name,
            "//blendcache_" + os.path.splitext(os.path.basename(bpy.data.filepath))[0],
            None,
            "folder",
        )


def path_of_element(folder, name):
    """Of a picture of a strip, whose name may have slashes, too, and never leads to the top of the disk."""
    return name if folder == "" else f"{folder}/{name}"


def path_of_tile(path, number):
    """UDIM counts from 1001 in rows of ten, UVTILE from 1 in both directions."""
    row, column = divmod(number - 1001, 10)
    return path.replace("<UDIM>", str(number)).replace("<UVTILE>", f"u{column + 1}_v{row + 1}")


def missing_files(needed):
    return [
        {"kind": file["kind"], "name": file["name"], "path": file["missing"] or file["path"]}
        for file in needed
        if file["form"] != "computed"
        and not file["idle"]
        and (
            file["missing"] is not None
            or not (sequence_exists if file["form"] == "sequence" else os.path.exists)(file["path"])
        )
    ]


def used(collection):
    return [data for data in collection if data.users > (1 if data.use_fake_user else 0)]


def node_trees():
    yield from bpy.data.node_groups
    for data in (*bpy.data.materials, *bpy.data.worlds, *bpy.data.lights, *bpy.data.linestyles):
        if data.node_tree is not None:
            yield data.node_tree


def sequence_exists(path):
    """One picture of a sequence is named; any other will do, since frames may begin elsewhere."""
    return os.path.exists(path) or len(files_of_sequence(path)) > 0


def files_of_sequence(path):
    """Those in the folder whose names differ in their last number only."""
    folder, name = os.path.split(path)
    stem, ending = os.path.splitext(name)
    stem = stem.rstrip("0123456789")
    try:
        return [
            os.path.join(folder, other)
            for other in os.listdir(folder)
            if other.startswith(stem)
            and other.endswith(ending)
            and other[len(stem) : len(other) - len(ending)].isdigit()
        ]
    except OSError:
        return []


def files_in(folder):
    try:
        return [os.path.join(folder, name) for name in os.listdir(folder)]
    except OSError:
        return []
