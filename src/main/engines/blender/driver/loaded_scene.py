"""The scene of an opened .blend, as a job wants it."""

import heapq
import itertools
import math
import os

import bpy

from .camera import set_camera
from .compositor import composited_scenes
from .device import set_device
from .engine import samples_of, set_engine, set_samples
from .failure import Failure, in_words, message_of
from .file_handlers import drop_file_handlers, known_handlers
from .header import check_header
from .image_format import set_format, set_transparent
from .image_size import image_size, set_size
from .keyed_settings import keyed_settings, put_back
from .limits import check_limits
from .line_scripts import drop_line_scripts, has_line_scripts
from .needed_files import missing_files, needed_files
from .output_nodes import literal, output_nodes
from .persistent_data import keep_what_holds
from .physics import unbaked_physics
from .sequencer import forget_retimed_frames, rendered_scenes
from .sequences import missing_of_frame, sequences_of
from .stage import Stage, is_animation
from .stamps import stamp, stamps_of
from .startup_addons import idle_addons
from .versions import attempt

# The name of the frame's own image, before the frame's number and its view's suffix.
IMAGE = "image_"
# The ending of an OpenEXR's preview.
PREVIEW = ".jpg"
# What may differ between two requests without anything having to be set anew.
PER_FRAME = {"type", "id", "frame", "spans", "folder"}


class LoadedScene:
    """
    The scene as the last request wanted it. A request that wants anything else than another frame loads the file anew,
    so that nothing of the last one is left.
    """

    def __init__(self):
        self.wanted = None
        self.stamps = {}
        self.needed = []
        self.idle_addons = attempt(idle_addons, [])
        # How many files were opened: Blender tells this and nothing else in every case.
        self.loads = 0
        self.stage = Stage()
        bpy.app.handlers.load_post.append(bpy.app.handlers.persistent(lambda *_: self.count_load()))
        self.own_handlers = known_handlers()

    def count_load(self):
        self.loads += 1

    def prepare(self, request, allow_scripts):
        wanted = {key: value for key, value in request.items() if key not in PER_FRAME}
        if wanted == self.wanted and self.stamps == {
            request["scene"]: stamp(request["scene"]),
            **stamps_of(self.needed),
        }:
            return
        self.wanted = None
        self.limits = request["limits"]
        self.load(request["scene"], allow_scripts)
        self.apply(request)
        self.wanted = wanted
        self.anew = lambda: (self.load(request["scene"], allow_scripts), self.apply(request))

    def look_into(self, path):
        """Opens a file as it is; the next request loads what it wants."""
        self.wanted = None
        bpy.ops.wm.open_mainfile(filepath=path, load_ui=False, use_scripts=False)

    def load(self, path, allow_scripts):
        before = stamp(path)
        if before is None:
            raise Failure("missing", path)
        if not os.path.isfile(path):
            raise Failure("not-a-file", path)
        try:
            with open(path, "rb") as file:
                head = file.read(32)
        except OSError as error:
            raise Failure("unreadable", error.strerror or str(error)) from error
        check_header(head)
        loads = self.loads
        self.warnings = [
            f"The add-on “{name}” did not start with Blender: what it should do is missing in the images. Render without your own settings, or mend or remove it."
            for name in self.idle_addons
        ]
        drop_file_handlers(self.own_handlers)
        try:
            bpy.ops.wm.open_mainfile(filepath=path, load_ui=False, use_scripts=allow_scripts)
        except RuntimeError as error:
            # Also raised for things that are wrong with a file that was opened all the same.
            if self.loads == loads:
                raise Failure("load", message_of(error)) from error
            self.warnings.append(
                f"Blender opened the file, but something in it is wrong ({message_of(error)}): frames are rendered without it."
            )
        if tuple(bpy.data.version[:2]) > tuple(bpy.app.version[:2]):
            raise Failure("newer", ".".join(map(str, bpy.data.version[:2])))
        self.needed = attempt(needed_files, None)
        check_limits(self.needed, self.limits)
        self.needed = self.needed or []
        self.stamps = {path: before, **stamps_of(self.needed)}
        self.missing = missing_files(self.needed)
        if allow_scripts:
            return
        left_out = getattr(bpy.app, "autoexec_fail", False) or has_line_scripts()
        drop_line_scripts()
        if left_out:
            self.warnings.append(
                "The file holds scripts that are not run: allow scripts for this job if its images need them."
            )

    def apply(self, request):
        name, active = request["sceneName"], bpy.context.scene
        scene = active if name in {None, active.name} else bpy.data.scenes.get(name)
        if scene is None:
            raise Failure("no-scene", in_words(other.name for other in bpy.data.scenes))
        self.scene = scene
        self.stage.set(scene)
        # The frame that the simulations have reached, and the job's frames by which they went there.
        self.reached = self.spans = None
        self.unbaked = attempt(unbaked_physics, [], scene)
        self.sequences = attempt(sequences_of, [], scene)
        render = scene.render
        keep_what_holds(scene, self.unbaked, self.warnings)
        set_engine(scene, request["renderEngine"])
        set_camera(scene, request["camera"])
        set_samples(scene, request["samples"])
        set_device(scene, request["device"], self.warnings)
        set_size(scene, request["width"], request["height"])
        if abs(render.fps / render.fps_base - request["fps"]) > 0.001:
            render.fps = max(1, math.ceil(request["fps"]))
            render.fps_base = render.fps / request["fps"]
        render.use_file_extension = render.use_overwrite = True
        render.use_placeholder = False
        self.extension = set_format(scene, request["format"], self.warnings)
        set_transparent(scene, request["transparent"], self.warnings)
        self.nodes = output_nodes()
        self.keyed = attempt(keyed_settings, {}, scene)

    def missing_in(self, frame):
        return self.missing + missing_of_frame(self.sequences, frame)

    def render(self, frame, spans, folder):
        if not os.path.isdir(folder):
            raise Failure("output", f"the folder “{folder}” is not there")
        if self.unbaked:
            self.step_to(frame, spans)
        scene = self.scene
        for node in self.nodes:
            node.redirect(folder)
        # The number is filled in for animations only.
        scene.render.filepath = (
            literal(os.path.join(folder, IMAGE)) + "####"
            if is_animation(frame)
            else os.path.join(folder, stem_of(frame))
        )
        attempt(forget_retimed_frames, None)
        put_back(scene, self.keyed)
        try:
            result = self.stage.render(frame)
        except RuntimeError as error:
            raise Failure("render", message_of(error)) from error
        if "FINISHED" not in result:
            raise Failure("cancelled")
        own = self.own_images(folder, frame)
        if not own:
            raise Failure("no-image")
        return own + self.previews(folder, frame) + [file for node in self.nodes for file in node.files()]

    def step_to(self, frame, spans):
        """
        Simulations go on from the frame before: Blender evaluates those that `-a` would have rendered by now, and draws
        next to nothing of them. These are the scene's and the job's, whichever of them this worker has rendered: a
        frame's picture must not depend on who renders it, or when.
        """
        if self.reached is not None and (frame <= self.reached or spans != self.spans):
            self.anew()
        scene = self.scene
        ways = [(scene.frame_start, frame, max(1, scene.frame_step))]
        ways += [(span["first"], span["last"], span["step"]) for span in spans]
        before = frames_before(frame, self.reached, ways)
        self.reached, self.spans = frame, spans
        first = next(before, None)
        if first is None:
            return
        render = scene.render
        small = [
            (render, "resolution_x", 4),
            (render, "resolution_y", 4),
            (render, "resolution_percentage", 100),
            (render, "use_border", False),
        ]
        small += [(node.node, "mute", True) for node in self.nodes]
        whole = rendered_scenes(scene)
        drawn = set(whole)
        for each in whole:
            others = {other for other in attempt(composited_scenes, [], each) if other not in {None, each}}
            # Blender renders, and so evaluates, the other scenes of a compositor for that only.
            if not others:
                small.append((each.render, "use_compositing", False))
            drawn |= others
        small += [(each.render, "use_freestyle", False) for each in drawn]
        known = [(owner, name, getattr(owner, name)) for owner, name, _ in small]
        samples = {each: samples_of(each) for each in drawn}
        for owner, name, value in small:
            setattr(owner, name, value)
        for each in samples:
            set_samples(each, 1)
        try:
            for each in itertools.chain([first], before):
                self.stage.render(each, write=False)
        except RuntimeError as error:
            raise Failure("render", message_of(error)) from error
        finally:
            for owner, name, value in known:
                setattr(owner, name, value)
            for each, number in samples.items():
                set_samples(each, number)

    def own_images(self, folder, frame):
        stem = stem_of(frame)
        size = image_size(self.scene)
        return [
            {"path": os.path.join(folder, name), "view": name[len(stem) : -len(self.extension)], **size}
            for name in sorted(os.listdir(folder))
            if name.startswith(stem) and name.endswith(self.extension)
        ]

    def previews(self, folder, frame):
        """The JPEGs that Blender writes beside OpenEXR images where the file asks for them."""
        stem = stem_of(frame)
        return [
            {"path": os.path.join(folder, name), "previewOf": name[len(stem) : -len(PREVIEW)]}
            for name in sorted(os.listdir(folder))
            if self.extension == ".exr" and name.startswith(stem) and name.endswith(PREVIEW)
        ]


def stem_of(frame):
    return f"{IMAGE}{'-' if frame < 0 else ''}{abs(frame):04d}"


def frames_before(frame, reached, ways):
    """
    The frames of several ways, each from a first to a last one in steps, that come before a frame and after one that was
    reached (None for none): ascending, each once.
    """

    def rest(first, last, step):
        if reached is not None and first <= reached:
            first += ((reached - first) // step + 1) * step
        return range(first, min(last, frame - 1) + 1, step)

    previous = None
    for each in heapq.merge(*(rest(*way) for way in ways)):
        if each != previous:
            yield each
        previous = each
