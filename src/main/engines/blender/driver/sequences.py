"""Which sequences lack a file that a frame reads."""

import os
import re

import bpy

from .animation import curves_of
from .compositor import compositor_of, trees_within
from .needed_files import sequence_exists
from .paths import absolute
from .physics import drawn_by, scenes_within, trees_of
from .versions import attempt

# A compositor's node shows nothing before its start, as is meant, unless there is a file with the number 0. In Blender 4,
# all that it goes into is black then (measured with 3.4, 4.3 and 5.2; textures become pink in all of them).
NOTHING_BEFORE_START = not (4, 0) <= bpy.app.version < (5, 0)

# The last digits of a name count a sequence.
NUMBERED = re.compile(r"^(.*?)(\d+)(\D*)$", re.DOTALL)


def sequences_of(scene):
    """
    Each sequence that a scene reads, as its `kind`, `name` and `path`, and a function that tells from a frame the number
    it reads; None where it reads none. Sequences of which nothing is there are told of elsewhere, and where keys or
    drivers choose the picture, nobody knows it before.
    """
    if scene.render.frame_map_old != scene.render.frame_map_new:
        return []
    volumes = [volume for volume in getattr(bpy.data, "volumes", ()) if volume.is_sequence]
    if not volumes and not any(image.source == "SEQUENCE" for image in bpy.data.images):
        return []
    scenes = scenes_within(scene)
    drawn = drawn_by(scenes)
    found = []

    def add(kind, data, number):
        path = absolute(data.filepath, data.library)
        if sequence_exists(path):
            found.append({"kind": kind, "name": data.name, "path": path, "number": number})

    trees = trees_of(drawn)
    for each in scenes:
        trees_within(attempt(compositor_of, None, each), trees)
    for tree in trees:
        if is_keyed(tree):
            continue
        for node in tree.nodes:
            image = getattr(node, "image", None)
            # Nodes of the compositor have its settings themselves.
            user = getattr(node, "image_user", node)
            if (
                isinstance(image, bpy.types.Image)
                and image.source == "SEQUENCE"
                and not image.use_multiview
                and not node.mute
                and any(output.is_linked for output in node.outputs)
                and getattr(user, "use_auto_refresh", False)
            ):
                add("image", image, number_of_image(user))
    for volume in volumes:
        if volume in drawn and volume.packed_file is None:
            add("volume", volume, number_of_volume(volume))
    return found


def is_keyed(tree):
    return any("frame_" in curve.data_path for curve in curves_of(tree))


def number_of_image(user):
    """As BKE_image_user_frame_get."""
    start, offset, length, cyclic = user.frame_start, user.frame_offset, user.frame_duration, user.use_cyclic

    def number(frame):
        at = frame - start + 1
        before = at < 1 and not cyclic and NOTHING_BEFORE_START and isinstance(user, bpy.types.CompositorNode)
        if length == 0 or before:
            return None
        at = (at % length or length) if cyclic else min(max(at, 0), length)
        return at + offset

    return number


def number_of_volume(volume):
    """As volume_sequence_frame."""
    start, offset, length, mode = (
        volume.frame_start,
        volume.frame_offset,
        volume.frame_duration,
        volume.sequence_mode,
    )

    def number(frame):
        at = frame - start + 1
        if length == 0 or (mode == "CLIP" and not 1 <= at <= length):
            return None
        if mode == "EXTEND":
            at = min(max(at, 1), length)
        elif mode == "REPEAT":
            at = at % length or length
        elif mode == "PING_PONG":
            around = max(1, length * 2 - 2)
            at = at % around or around
            at = length * 2 - at if at > length else at
        return at + offset

    return number


def missing_of_frame(sequences, frame):
    """Each sequence once, however many frames lack a file: with # for the digits that count it."""
    missing = []
    for sequence in sequences:
        folder, name = os.path.split(sequence["path"])
        stem, ending = os.path.splitext(name)
        parts, number = NUMBERED.match(stem), sequence["number"](frame)
        if parts is None or number is None or number < 0:
            continue
        before, digits, after = parts.groups()
        if sequence["kind"] == "volume" and after != "":
            continue
        path = os.path.join(folder, f"{before}{number:0{len(digits)}d}{after}{ending}")
        pattern = os.path.join(folder, before + "#" * len(digits) + after + ending)
        entry = {"kind": sequence["kind"], "name": sequence["name"], "path": pattern, "partly": True}
        if not os.path.exists(path) and entry not in missing:
            missing.append(entry)
    return missing
