"""The format of a scene’s images."""

import bpy

from .failure import Failure
from .versions import set_enum
from .views import OPENEXR, views_in_files

FORMATS = {
    "png": ("PNG", ".png"),
    "jpeg": ("JPEG", ".jpg"),
    "exr": ("OPEN_EXR", ".exr"),
    "exr-multilayer": ("OPEN_EXR_MULTILAYER", ".exr"),
    "webp": ("WEBP", ".webp"),
    "tiff": ("TIFF", ".tif"),
    "bmp": ("BMP", ".bmp"),
    "targa": ("TARGA", ".tga"),
    "hdr": ("HDR", ".hdr"),
    "jpeg2000": ("JPEG2000", ".jp2"),
}
MOVIE_FORMATS = {"FFMPEG": "FFmpeg", "AVI_JPEG": "AVI JPEG", "AVI_RAW": "AVI Raw"}


def set_format(scene, wanted, warnings):
    """@returns the ending of its images’ names"""
    settings = scene.render.image_settings
    name, extension = FORMATS[wanted]
    before = settings.file_format
    if before in MOVIE_FORMATS:
        which = f"The scene “{scene.name}”" if len(bpy.data.scenes) > 1 else "The scene"
        warnings.append(
            f"{which} asks for a movie ({MOVIE_FORMATS[before]}): each of its frames is written as an image."
        )
    if name == "JPEG2000":
        # With its container, as its ending says: without, Blender gives it another ending.
        set_enum(settings, "jpeg2k_codec", "JP2")
    if before == name or (name == "TARGA" and before == "TARGA_RAW"):
        return extension
    together = views_in_files(scene.render) == "MULTIVIEW"
    depth = settings.color_depth
    if hasattr(settings, "media_type"):
        # Blender 5: what formats there are depends on it.
        set_enum(settings, "media_type", "MULTI_LAYER_IMAGE" if wanted == "exr-multilayer" else "IMAGE")
    if not set_enum(settings, "file_format", name):
        raise Failure("no-format", wanted)
    if together and name not in OPENEXR:
        # Only an OpenEXR holds all views; Blender would mix two of them into one image.
        set_enum(settings, "views_format", "INDIVIDUAL")
    set_depth(settings, depth, wanted)
    return extension


def set_depth(settings, before, wanted):
    """
    Bits of a channel as `blender -F FORMAT` has them: as before where the format has that, else floats, or what this
    Blender makes of floats.
    """
    narrow = "16" if before == "32" and bpy.app.version >= (5, 0) else "8"
    for depth in (before, "32" if wanted in {"exr", "exr-multilayer"} else narrow, "8"):
        if set_enum(settings, "color_depth", depth):
            return


def set_transparent(scene, wanted, warnings):
    if wanted is None:
        return
    scene.render.film_transparent = wanted
    settings = scene.render.image_settings
    if wanted and not set_enum(settings, "color_mode", "RGBA"):
        warnings.append(
            f"The background is to be transparent, which {settings.file_format} images cannot show: choose PNG or OpenEXR."
        )
