# Writes an image of the default scene in every format and compression that Blender has. Run by Blender, with the folder behind “--”.
import os
import sys

import bpy

folder = sys.argv[sys.argv.index('--') + 1]
scene = bpy.context.scene
image = scene.render.image_settings
scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 96, 54, 100
scene.render.engine = 'CYCLES'
scene.cycles.samples = 1
scene.cycles.use_denoising = False
layer = scene.view_layers[0]
layer.use_pass_z = layer.use_pass_normal = layer.use_pass_diffuse_color = True


def render(name):
    scene.render.filepath = os.path.join(folder, name)
    bpy.ops.render.render(write_still=True)


# Each with its settings; their order matters, since each changes the choices of the next.
for depth in ('8', '16'):
    for mode in ('BW', 'RGB', 'RGBA'):
        image.file_format, image.color_mode, image.color_depth = 'PNG', mode, depth
        render(f'png-{mode}-{depth}')
        for codec in ('NONE', 'DEFLATE', 'LZW', 'PACKBITS'):
            image.file_format, image.color_mode, image.color_depth, image.tiff_codec = 'TIFF', mode, depth, codec
            render(f'tiff-{mode}-{depth}-{codec}')
for mode in ('BW', 'RGB'):
    image.file_format, image.color_mode = 'JPEG', mode
    render(f'jpeg-{mode}')
for mode in ('RGB', 'RGBA'):
    for quality in (75, 100):
        image.file_format, image.color_mode, image.quality = 'WEBP', mode, quality
        render(f'webp-{mode}-{quality}')
for kind in ('BMP', 'TARGA', 'TARGA_RAW', 'HDR', 'JPEG2000'):
    for mode in ('BW', 'RGB', 'RGBA'):
        try:
            image.file_format, image.color_mode = kind, mode
        except TypeError:
            continue
        render(f'{kind.lower()}-{mode}')
for kind, name in (('OPEN_EXR', 'exr'), ('OPEN_EXR_MULTILAYER', 'exr-multilayer')):
    for depth in ('16', '32'):
        for codec in ('NONE', 'ZIP', 'PIZ', 'DWAA', 'DWAB', 'ZIPS', 'RLE', 'PXR24', 'B44', 'B44A'):
            if codec.startswith('B44') and depth == '32':
                continue
            image.file_format, image.color_mode, image.color_depth, image.exr_codec = kind, 'RGBA', depth, codec
            render(f'{name}-{depth}-{codec}')
scene.render.use_multiview = True
image.file_format, image.color_depth, image.exr_codec, image.views_format = 'OPEN_EXR_MULTILAYER', '16', 'ZIP', 'MULTIVIEW'
render('exr-multilayer-stereo')
