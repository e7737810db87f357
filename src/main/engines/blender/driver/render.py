"""Runs inside of Blender and renders what the host asks for, frame by frame.

The host is spoken to over loopback TCP, a JSON object a line (src/shared/worker-protocol.ts). Standard output is not
for that: other threads of Blender print there in the middle of a line.

Threads: the main one waits for requests and renders. One reads from the socket; it answers pings also while a frame is
rendered, and ends the whole process as soon as the host is gone. One writes to the socket, so that no thread of
Blender's ever waits for the host.
"""

import os
import signal
import sys
import time

import bpy

from .connection import Connection
from .failure import Failure
from .inspect_file import describe, tell
from .loaded_scene import LoadedScene
from .process import PeakMemory, end_with_host, flush_output
from .startup_addons import has_own_code
from .stats import Stats
from .versions import attempt


def inspected(loaded, path, folder):
    """
    Whether it could tell what is in a file. What a Blender with factory settings would tell is wanted: add-ons of the
    person's own may change what is opened.
    """
    if has_own_code():
        return False
    loaded.look_into(path)
    tell({"blender": bpy.app.version_string, "error": None, **describe()}, folder)
    return True


def serve(connection, stats, allow_scripts):
    loaded = LoadedScene()
    peak = PeakMemory()
    while True:
        request = connection.requests.get()
        if request["type"] == "inspect":
            told = attempt(inspected, False, loaded, request["scene"], connection.folder)
            flush_output()
            connection.send_now({"type": "inspected", "id": request["id"], "told": told})
            continue
        answer = {"id": request["id"]}
        peak.start()
        stats.request = request["id"]
        started = time.monotonic()
        try:
            loaded.prepare(request, allow_scripts)
            started = time.monotonic()
            files = loaded.render(request["frame"], request["spans"], request["folder"])
            answer |= {"type": "rendered", "files": files, "missing": loaded.missing_in(request["frame"]), "warnings": loaded.warnings}
        except Failure as failure:
            answer |= {"type": "failed", "cause": failure.cause, "text": failure.text}
        except MemoryError:
            answer |= {"type": "failed", "cause": "memory", "text": ""}
        except Exception as error:
            sys.excepthook(*sys.exc_info())
            answer |= {"type": "failed", "cause": "driver", "text": f"{type(error).__name__}: {error}"}
        answer |= {"seconds": time.monotonic() - started, "peakBytes": peak.read()}
        stats.end()
        flush_output()
        connection.send_now(answer)


def main(folder):
    # Blender takes the first SIGINT for a wish to end the frame only.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    end_with_host()
    # Scripts inside of scenes, and what they start, need not know how to speak to the host.
    port = int(os.environ.pop("FRAMEGAUGE_PORT"))
    token = os.environ.pop("FRAMEGAUGE_TOKEN")
    allow_scripts = os.environ.pop("FRAMEGAUGE_ALLOW_SCRIPTS") == "1"
    # What was printed at the start is no frame's.
    flush_output()
    connection = Connection(port, token, folder)
    stats = Stats(connection)
    # Other files that are loaded must not take it off.
    bpy.app.handlers.render_stats.append(bpy.app.handlers.persistent(lambda *arguments: stats.take(*arguments)))
    serve(connection, stats, allow_scripts)
