"""The environment of this process."""

import json
import os


def restore_environment():
    """
    Gives scripts of files, and programs that they start, Python's variables as the host has them. Blender itself was
    started with others (src/main/engines/blender/python-cache.ts).
    """
    own = os.environ.pop("FRAMEGAUGE_PYTHON", None)
    if own is None:
        return
    for name in [name for name in os.environ if name.upper().startswith("PYTHON")]:
        del os.environ[name]
    os.environ.update(json.loads(own))
