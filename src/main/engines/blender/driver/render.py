"""Runs inside of Blender and renders what the host asks for, frame by frame.

The host is spoken to over loopback TCP, a JSON object a line (src/shared/worker-protocol.ts). Standard output is not for that: other threads of Blender print there in the middle of a line.

Threads: the main one waits for requests and renders. One reads from the socket; it answers pings also while a frame is rendered, and ends the whole process as soon as the host is gone. One
writes to the socket, so that no thread of Blender's ever waits for the host.
"""

import ctypes
import functools
import json
import math
import os
import queue
import shutil
import signal
import socket
import sys
import threading
import time

import bpy

FOLDER = os.path.dirname(os.path.abspath(__file__))
ENGINES = {
    # What Blender calls them, newest name first.
    "cycles": ("CYCLES",),
    "eevee": ("BLENDER_EEVEE_NEXT", "BLENDER_EEVEE"),
    "workbench": ("BLENDER_WORKBENCH",),
}
FORMATS = {
    "png": ("PNG", ".png"),
    "jpeg": ("JPEG", ".jpg"),
    "exr": ("OPEN_EXR", ".exr"),
    "exr-multilayer": ("OPEN_EXR_MULTILAYER", ".exr"),
    "webp": ("WEBP", ".webp"),
    "tiff": ("TIFF", ".tif"),
}
MOVIE_FORMATS = {"FFMPEG": "FFmpeg", "AVI_JPEG": "AVI JPEG", "AVI_RAW": "AVI Raw"}
# The name of the frame's own image, before its view's suffix.
IMAGE = "image"
# Seconds between two signs of progress.
STATS_PAUSE = 0.2
# What may differ between two requests without anything having to be set anew.
PER_FRAME = {"type", "id", "frame", "folder"}


class Failure(Exception):
    """A frame that can't be rendered. `cause` is for the host's code, the text for its sentence."""

    def __init__(self, cause, text=""):
        super().__init__(text)
        self.cause = cause
        self.text = text


class Connection:
    """The host."""

    def __init__(self, port, token):
        self.requests = queue.SimpleQueue()
        self.outgoing = queue.SimpleQueue()
        self.lock = threading.Lock()
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.socket.settimeout(None)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.send_now({"type": "hello", "token": token, "version": ".".join(map(str, bpy.app.version))})
        for work in (self.read, self.write):
            threading.Thread(target=work, daemon=True).start()

    def send(self, message):
        """From any thread, without waiting."""
        self.outgoing.put(message)

    def send_now(self, message):
        """From the main thread: a frame's answer need not wait for another thread to wake up."""
        try:
            with self.lock:
                self.socket.sendall(json.dumps(message).encode() + b"\n")
        except OSError:
            vanish()

    def write(self):
        while True:
            self.send_now(self.outgoing.get())

    def read(self):
        try:
            for line in self.socket.makefile("rb"):
                message = json.loads(line)
                if message["type"] == "ping":
                    self.send({"type": "pong", "id": message["id"]})
                else:
                    self.requests.put(message)
        finally:
            # The host is gone: nobody wants the frame, and nobody else would end this process.
            vanish()


def vanish():
    """Ends the process, whatever it is doing."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    os._exit(0)


def end_with_host():
    """Where the system can do it, it ends this process with the host, even if this process is stopped or its Python is stuck."""
    if sys.platform != "linux":
        return
    try:
        PR_SET_PDEATHSIG = 1
        c_library().prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):
        pass


@functools.cache
def c_library():
    return ctypes.CDLL(None) if os.name == "posix" else ctypes.cdll.ucrtbase


def flush_output():
    """Lets the host see all that was printed: Python and Blender's C code both keep some of it in buffers."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError, AttributeError):
            pass
    try:
        c_library().fflush(None)
    except (OSError, AttributeError):
        pass


class PeakMemory:
    """The most memory that this process held since it was asked to count, in bytes."""

    def start(self):
        self.exact = False
        try:
            # proc(5): 5 resets the high water mark.
            with open("/proc/self/clear_refs", "w") as file:
                file.write("5")
            self.exact = True
        except OSError:
            pass

    def read(self):
        if self.exact:
            with open("/proc/self/status") as file:
                for line in file:
                    if line.startswith("VmHWM:"):
                        return int(line.split()[1]) * 1024
        try:
            import resource
        except ImportError:
            return None
        # Since the process started, which is still the most that it took.
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


class Stats:
    """Signs of progress. Blender gives them from threads of its own, and often; versions before 3.5 or so without any text, which then stands on standard output only."""

    def __init__(self, connection):
        self.connection = connection
        self.request = None
        self.told = 0.0

    def take(self, *arguments):
        request = self.request
        now = time.monotonic()
        if request is None or now - self.told < STATS_PAUSE:
            return
        self.told = now
        text = next((argument for argument in arguments if isinstance(argument, str)), None)
        self.connection.send({"type": "stats", "id": request, "text": text})


def stamp(path):
    """What changes when a file does; None where there is none."""
    try:
        info = os.stat(path)
    except OSError:
        return None
    return (info.st_mtime_ns, info.st_size, info.st_ino)


def message_of(error):
    return str(error).strip().removeprefix("Error: ")


def raw_engine_of(scene):
    """The identifier of the scene's render engine as it stands in the file. `scene.render.engine` names EEVEE where the engine isn't there, and renders with it."""
    named = scene.render.engine
    try:
        return ctypes.string_at(scene.render.as_pointer() + engine_offset(), 64).split(b"\0")[0].decode()
    except (ValueError, UnicodeDecodeError):
        return named


@functools.cache
def engine_offset():
    """Where in the memory of render settings the engine's identifier stands: found by looking for a known one."""
    probe = bpy.data.scenes.new("framegauge probe")
    try:
        known = "BLENDER_WORKBENCH"
        probe.render.engine = known
        address = probe.render.as_pointer()
        # Read on step by step: what lies behind it may not be ours to read.
        for size in range(512, 16384, 64):
            found = ctypes.string_at(address, size).find(known.encode() + b"\0")
            if found >= 0:
                return found
    finally:
        bpy.data.scenes.remove(probe)
    raise ValueError("render settings are not what they used to be")


def set_enum(holder, name, value):
    """Sets an enumeration; False where it doesn't have the value."""
    try:
        setattr(holder, name, value)
        return True
    except TypeError:
        return False


class OutputNode:
    """A File Output node of the compositor, which writes files beside the frame's image."""

    def __init__(self, node, number):
        self.node = node
        self.number = number
        # Blender 5 tells folder and file name apart.
        self.split = hasattr(node, "directory")
        self.original = node.directory if self.split else node.base_path
        # With layers, the path names the file itself.
        self.is_file = not self.split and node.format.file_format == "OPEN_EXR_MULTILAYER"
        slots = [] if self.split else [slot.path for slot in node.file_slots]
        # Slots may lead out of the folder; so many levels that they stay within ours.
        self.depth = max((path.count("..") for path in slots), default=0)

    def redirect(self, folder):
        self.top = os.path.join(folder, f"node-{self.number}")
        self.folder = os.path.join(self.top, *(["x"] * self.depth))
        if self.split:
            self.node.directory = self.folder
        elif self.is_file:
            self.node.base_path = os.path.join(self.folder, os.path.basename(self.original))
        else:
            self.node.base_path = self.folder

    def files(self):
        """What it has written, and where that belongs."""
        place = os.path.dirname(self.original) if self.is_file else self.original
        if place == "//" or (self.is_file and self.original.startswith("//") and place in {"", "/"}):
            place = "//"
        place = bpy.path.abspath(place)
        if not os.path.isabs(place):
            place = os.path.join(os.path.dirname(bpy.data.filepath), place)
        written = []
        for base, _, names in os.walk(self.top):
            for name in sorted(names):
                path = os.path.join(base, name)
                written.append({"path": path, "file": os.path.normpath(os.path.join(place, os.path.relpath(path, self.folder)))})
        return written


def output_nodes():
    trees = [tree for tree in bpy.data.node_groups if tree.bl_idname == "CompositorNodeTree"]
    for scene in bpy.data.scenes:
        tree = getattr(scene, "compositing_node_group", None) or (getattr(scene, "node_tree", None) if getattr(scene, "use_nodes", False) else None)
        if tree is not None and tree not in trees:
            trees.append(tree)
    nodes = [node for tree in trees for node in tree.nodes if node.bl_idname == "CompositorNodeOutputFile"]
    return [OutputNode(node, number) for number, node in enumerate(nodes, 1)]


class LoadedScene:
    """The scene as the last request wanted it. A request that wants anything else than another frame loads the file anew, so that nothing of the last one is left."""

    def __init__(self):
        self.wanted = None
        self.stamps = {}
        # How many files were opened: Blender tells this and nothing else in every case.
        self.loads = 0
        bpy.app.handlers.load_post.append(bpy.app.handlers.persistent(lambda *_: self.count_load()))

    def count_load(self):
        self.loads += 1

    def prepare(self, request, allow_scripts):
        wanted = {key: value for key, value in request.items() if key not in PER_FRAME}
        if wanted == self.wanted and all(stamp(path) == known for path, known in self.stamps.items()):
            return
        self.wanted = None
        self.load(request["scene"], allow_scripts)
        self.apply(request)
        self.wanted = wanted

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
        self.warnings = []
        try:
            bpy.ops.wm.open_mainfile(filepath=path, load_ui=False, use_scripts=allow_scripts)
        except RuntimeError as error:
            # Also raised for things that are wrong with a file that was opened all the same.
            if self.loads == loads:
                raise Failure("load", message_of(error)) from error
            self.warnings.append(f"Blender opened the file, but something in it is wrong ({message_of(error)}): frames are rendered without it.")
        if tuple(bpy.data.version[:2]) > tuple(bpy.app.version[:2]):
            raise Failure("newer", ".".join(map(str, bpy.data.version[:2])))
        libraries = [os.path.normpath(bpy.path.abspath(library.filepath, library=library.library)) for library in bpy.data.libraries]
        self.stamps = {path: before, **{library: stamp(library) for library in libraries}}
        self.missing = attempt(missing_files, [])
        if not allow_scripts and getattr(bpy.app, "autoexec_fail", False):
            self.warnings.append("The file holds scripts that are not run: allow scripts for this job if its images need them.")

    def apply(self, request):
        name = request["sceneName"]
        scene = bpy.context.scene if name is None else bpy.data.scenes.get(name)
        if scene is None:
            raise Failure("no-scene", ", ".join(f"“{other.name}”" for other in bpy.data.scenes))
        self.scene = scene
        render = scene.render
        render.use_persistent_data = True
        self.set_engine(request["renderEngine"])
        self.set_camera(request["camera"])
        self.set_samples(request["samples"])
        render.resolution_x = request["width"]
        render.resolution_y = request["height"]
        render.resolution_percentage = 100
        if abs(render.fps / render.fps_base - request["fps"]) > 0.001:
            render.fps = max(1, math.ceil(request["fps"]))
            render.fps_base = render.fps / request["fps"]
        render.use_file_extension = True
        self.set_format(request["format"])
        self.nodes = output_nodes()

    def set_engine(self, wanted):
        render = self.scene.render
        if wanted is None:
            wanted = raw_engine_of(self.scene)
        names = ENGINES.get(wanted, (wanted,))
        if any(set_enum(render, "engine", name) for name in names):
            return
        if "CYCLES" in names and enable_cycles() and set_enum(render, "engine", "CYCLES"):
            return
        raise Failure("no-engine", wanted)

    def set_camera(self, name):
        scene = self.scene
        if name is None:
            return
        camera = scene.objects.get(name)
        if camera is None or camera.type != "CAMERA":
            cameras = ", ".join(f"“{item.name}”" for item in scene.objects if item.type == "CAMERA")
            raise Failure("no-such-camera", cameras)
        scene.camera = camera
        # Markers would switch to another one.
        for marker in scene.timeline_markers:
            marker.camera = None

    def set_samples(self, samples):
        scene = self.scene
        engine = scene.render.engine
        if engine == "CYCLES":
            scene.cycles.samples = samples
        elif engine in ENGINES["eevee"]:
            scene.eevee.taa_render_samples = samples

    def set_format(self, wanted):
        settings = self.scene.render.image_settings
        name, self.extension = FORMATS[wanted]
        before = settings.file_format
        if before in MOVIE_FORMATS:
            which = f"The scene “{self.scene.name}”" if len(bpy.data.scenes) > 1 else "The scene"
            self.warnings.append(f"{which} asks for a movie ({MOVIE_FORMATS[before]}): each of its frames is written as an image.")
        if before == name:
            return
        if hasattr(settings, "media_type"):
            # Blender 5: what formats there are depends on it.
            set_enum(settings, "media_type", "MULTI_LAYER_IMAGE" if wanted == "exr-multilayer" else "IMAGE")
        if not set_enum(settings, "file_format", name):
            raise Failure("no-format", wanted)

    def size(self):
        """Of the image, in pixels, as Blender works it out."""
        render = self.scene.render
        width, height = render.resolution_x, render.resolution_y
        if render.use_border and render.use_crop_to_border:
            left, right, bottom, top = render.border_min_x, render.border_max_x, render.border_min_y, render.border_max_y
            width, height = int(right * width) - int(left * width), int(top * height) - int(bottom * height)
        settings = render.image_settings
        if render.use_multiview and settings.views_format == "STEREO_3D":
            stereo = settings.stereo_3d_format
            if not stereo.use_squeezed_frame:
                if stereo.display_mode == "SIDEBYSIDE":
                    width *= 2
                elif stereo.display_mode == "TOPBOTTOM":
                    height *= 2
        return {"width": width, "height": height}

    def render(self, frame, folder):
        if not os.path.isdir(folder):
            raise Failure("output", f"the folder “{folder}” is not there")
        scene = self.scene
        for node in self.nodes:
            node.redirect(folder)
        scene.frame_current = frame
        scene.frame_subframe = 0.0
        scene.render.filepath = os.path.join(folder, IMAGE)
        try:
            result = bpy.ops.render.render(write_still=True, scene=scene.name)
        except RuntimeError as error:
            raise Failure("render", message_of(error)) from error
        if "FINISHED" not in result:
            raise Failure("cancelled")
        own = self.own_images(folder)
        if not own:
            raise Failure("no-image")
        return own + [file for node in self.nodes for file in node.files()]

    def own_images(self, folder):
        images = []
        for name in sorted(os.listdir(folder)):
            if name.startswith(IMAGE) and name.endswith(self.extension):
                images.append({"path": os.path.join(folder, name), "view": name[len(IMAGE) : -len(self.extension)], **self.size()})
        return images


def check_header(head):
    """Tells what is no .blend at all from one that is damaged: Blender's own words don't."""
    GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
    if head.startswith((GZIP, ZSTD)):
        return
    if not head.startswith(b"BLENDER"):
        raise Failure("not-a-blend", "it is empty" if head == b"" else "")
    # Since Blender 5: `BLENDER17-01v0500`; before: `BLENDER-v304`.
    digits = head[13:17] if head[7:8].isdigit() else head[9:12]
    if not digits.isdigit():
        raise Failure("not-a-blend")
    version = (int(digits) // 100, int(digits) % 100)
    if version > tuple(bpy.app.version[:2]):
        raise Failure("newer", ".".join(map(str, version)))


def enable_cycles():
    """It is an add-on, which people can switch off."""
    try:
        import addon_utils

        return addon_utils.enable("cycles") is not None
    except Exception:
        return False


def serve(connection, stats, allow_scripts):
    loaded = LoadedScene()
    peak = PeakMemory()
    while True:
        request = connection.requests.get()
        answer = {"id": request["id"]}
        peak.start()
        stats.request = request["id"]
        started = time.monotonic()
        try:
            loaded.prepare(request, allow_scripts)
            started = time.monotonic()
            files = loaded.render(request["frame"], request["folder"])
            answer |= {"type": "rendered", "files": files, "missing": loaded.missing, "warnings": loaded.warnings}
        except Failure as failure:
            answer |= {"type": "failed", "cause": failure.cause, "text": failure.text}
        except MemoryError:
            answer |= {"type": "failed", "cause": "memory", "text": ""}
        except Exception as error:
            sys.excepthook(*sys.exc_info())
            answer |= {"type": "failed", "cause": "driver", "text": f"{type(error).__name__}: {error}"}
        answer |= {"seconds": time.monotonic() - started, "peakBytes": peak.read()}
        stats.request = None
        flush_output()
        connection.send_now(answer)


def main():
    # Blender takes the first SIGINT for a wish to end the frame only.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    end_with_host()
    # Scripts inside of scenes, and what they start, need not know how to speak to the host.
    port = int(os.environ.pop("FRAMEGAUGE_PORT"))
    token = os.environ.pop("FRAMEGAUGE_TOKEN")
    allow_scripts = os.environ.pop("FRAMEGAUGE_ALLOW_SCRIPTS") == "1"
    connection = Connection(port, token)
    stats = Stats(connection)
    # Other files that are loaded must not take it off.
    bpy.app.handlers.render_stats.append(bpy.app.handlers.persistent(lambda *arguments: stats.take(*arguments)))
    serve(connection, stats, allow_scripts)


main()
