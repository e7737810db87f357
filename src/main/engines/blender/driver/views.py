"""The views of a stereo or multi-view scene, and the image files that they go to."""

import bpy

OPENEXR = ("OPEN_EXR", "OPEN_EXR_MULTILAYER")
# Before, Blender writes a single view as the image of a scene that has no views (measured with 4.3 and 5.2).
FEWEST = 1 if bpy.app.version >= (5, 0) else 2


def used_views(render):
    """Those that are rendered; none where Blender writes its images as those of a scene that has no views."""
    if not render.use_multiview:
        return []
    views = [view for view in render.views if view.use]
    if render.views_format == "STEREO_3D":
        views = [view for view in views if view.name in ("left", "right")]
    return views if len(views) >= FEWEST else []


def views_in_files(render):
    """
    How the views of an image are stored, by Blender's own rule: INDIVIDUAL files, all in one OpenEXR (MULTIVIEW), or
    as one STEREO_3D image. None for a scene without.
    """
    settings = render.image_settings
    if not used_views(render):
        return None
    if settings.views_format == "INDIVIDUAL":
        return "INDIVIDUAL"
    if settings.views_format == "MULTIVIEW" and settings.file_format in OPENEXR:
        return "MULTIVIEW"
    return "STEREO_3D"


def suffixes(render):
    """Of the files of views that each have one."""
    return [view.file_suffix for view in used_views(render)] or [""]
