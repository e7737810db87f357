"""The size of a scene’s images, in pixels."""

import ctypes

from .failure import Failure
from .views import views_in_files


def set_size(scene, width, height):
    """
    A size that is a percentage of the scene's own is set as one: what is measured in pixels goes with it, as in Blender
    (lines, the compositor's scaling and blur).
    """
    render = scene.render
    own = render.resolution_percentage
    for percentage in (own, round(100 * width / render.resolution_x)):
        render.resolution_percentage = max(1, percentage)
        if scaled_size(render) == (width, height):
            return
    render.resolution_x, render.resolution_y, render.resolution_percentage = width, height, 100
    if scaled_size(render) != (width, height):
        raise Failure("no-size", "{} × {}".format(*scaled_size(render)))


def image_size(scene):
    """Of the image, in pixels, as Blender works it out."""
    width, height = scaled_size(scene.render)
    crop = crop_of(scene.render)
    if crop:

        def edge(share, pixels):
            # Blender multiplies in single precision, and cuts off.
            return int(ctypes.c_float(share * pixels).value)

        width, height = (
            edge(crop["right"], width) - edge(crop["left"], width),
            edge(crop["top"], height) - edge(crop["bottom"], height),
        )
    joined = joined_views(scene.render)
    return {
        "width": width * 2 if joined == "side-by-side" else width,
        "height": height * 2 if joined == "top-bottom" else height,
    }


def crop_of(render):
    """Edges of what images are cropped to, as shares of their size; None for no crop."""
    if not (render.use_border and render.use_crop_to_border):
        return None
    return {
        "left": render.border_min_x,
        "right": render.border_max_x,
        "bottom": render.border_min_y,
        "top": render.border_max_y,
    }


def joined_views(render):
    """How both views of a stereo image are put into one of double size; None where they are not."""
    if views_in_files(render) != "STEREO_3D":
        return None
    stereo = render.image_settings.stereo_3d_format
    if stereo.use_squeezed_frame:
        return None
    return {"SIDEBYSIDE": "side-by-side", "TOPBOTTOM": "top-bottom"}.get(stereo.display_mode)


def scaled_size(render):
    return tuple(
        max(1, pixels * render.resolution_percentage // 100) for pixels in (render.resolution_x, render.resolution_y)
    )
