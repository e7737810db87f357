"""The size of a scene’s images, in pixels."""

import ctypes


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


def image_size(scene):
    """Of the image, in pixels, as Blender works it out."""
    render = scene.render
    width, height = scaled_size(render)
    if render.use_border and render.use_crop_to_border:

        def edge(share, pixels):
            # Blender multiplies in single precision, and cuts off.
            return int(ctypes.c_float(share * pixels).value)

        left, right, bottom, top = (
            edge(render.border_min_x, width),
            edge(render.border_max_x, width),
            edge(render.border_min_y, height),
            edge(render.border_max_y, height),
        )
        width, height = right - left, top - bottom
    settings = render.image_settings
    if render.use_multiview and settings.views_format == "STEREO_3D":
        stereo = settings.stereo_3d_format
        if not stereo.use_squeezed_frame:
            if stereo.display_mode == "SIDEBYSIDE":
                width *= 2
            elif stereo.display_mode == "TOPBOTTOM":
                height *= 2
    return {"width": width, "height": height}


def scaled_size(render):
    return tuple(
        max(1, pixels * render.resolution_percentage // 100) for pixels in (render.resolution_x, render.resolution_y)
    )
