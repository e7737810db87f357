"""The process that this runs in."""

import ctypes
import functools
import os
import shutil
import signal
import sys


def vanish(folder):
    """Ends the process, whatever it is doing, and removes its own folder, which the host made."""
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def end_with_host():
    """
    Where the system can do it, it ends this process with the host, even if this process is stopped or its Python is
    stuck.
    """
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
