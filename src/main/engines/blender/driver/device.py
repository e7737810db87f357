"""What Cycles computes on."""

import bpy

from .failure import Failure
from .versions import attempt, set_enum

# Interfaces of graphics cards, the faster one of the same card first.
GPU_KINDS = ("OPTIX", "CUDA", "HIP", "ONEAPI", "METAL")
# As src/main/engines/blender/blend-warnings.ts has it.
NO_GPU = "The scene asks for the GPU, and this Blender has no device enabled for Cycles: it renders on the CPU. Enable one in Blender (Preferences → System → Cycles Render Devices), or choose a device for the job."


def set_device(scene, wanted, warnings):
    """
    What Cycles computes on. A scene that asks for the GPU where none is enabled is rendered on the CPU by Blender; a
    job that asks for it wants no such thing.
    """
    if scene.render.engine != "CYCLES":
        return
    if wanted is not None:
        scene.cycles.device = "CPU" if wanted == "cpu" else "GPU"
    if wanted not in {None, "cpu"} and not enable_gpu(wanted):
        raise Failure("no-device", wanted)
    if scene.cycles.device == "GPU" and not gpu_is_enabled():
        warnings.append(NO_GPU)


def gpu_is_enabled():
    return bool(attempt(lambda: cycles_preferences().has_active_device(), False))


def enable_gpu(wanted):
    """
    Has Cycles compute on graphics cards: those that the person's settings name where they fit, else all of the first
    interface that finds one. False where none does.
    """
    preferences = attempt(cycles_preferences, None)
    if preferences is None:
        return False
    kinds = GPU_KINDS if wanted == "gpu" else (wanted.upper(),)
    if preferences.compute_device_type in kinds and gpu_is_enabled():
        return True
    for kind in kinds:
        if not set_enum(preferences, "compute_device_type", kind):
            continue
        attempt(getattr(preferences, "refresh_devices", preferences.get_devices), None)
        cards = [device for device in preferences.devices if device.type == kind]
        for device in preferences.devices:
            device.use = device in cards
        if cards and gpu_is_enabled():
            return True
    return False


def cycles_preferences():
    return bpy.context.preferences.addons["cycles"].preferences
