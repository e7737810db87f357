"""The camera that a scene is seen through."""

from .failure import Failure, in_words


def set_camera(scene, name):
    if name is None:
        return
    camera = scene.objects.get(name)
    if camera is None or camera.type != "CAMERA":
        raise Failure("no-such-camera", in_words(item.name for item in scene.objects if item.type == "CAMERA"))
    scene.camera = camera
    # Markers would switch to another one.
    for marker in scene.timeline_markers:
        marker.camera = None
