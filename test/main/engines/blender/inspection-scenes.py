"""Makes .blend files that are looked into: run by a Blender with factory settings, with the folder behind `--`."""

import os
import struct
import sys
import zlib

import bpy

FOLDER = sys.argv[sys.argv.index("--") + 1]


def path(name):
    return os.path.join(FOLDER, name)


def save(name, **options):
    bpy.ops.wm.save_as_mainfile(filepath=path(f"{name}.blend"), copy=True, relative_remap=False, **options)


def png(name):
    """A whole image of one pixel."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    with open(path(name), "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0abc")) + chunk(b"IEND", b""))


def new():
    bpy.ops.wm.read_factory_settings()
    scene = bpy.context.scene
    scene.cycles.use_denoising = False
    return scene


def use_image(file, source="FILE"):
    """An image that the cube's material needs."""
    tree = bpy.data.objects["Cube"].data.materials[0].node_tree
    texture = tree.nodes.new("ShaderNodeTexImage")
    image = bpy.data.images.new(os.path.basename(file), 1, 1)
    image.source = source
    image.filepath = file
    texture.image = image
    return image


# What nothing is wrong with: images that are packed, there, or not used; a driver that is a plain sum.
scene = new()
png("there.png")
for name in ("packed.png", "shot_0007.png", "tiles.1001.png", "tiles.1002.png"):
    png(name)
packed = use_image(path("packed.png"))
packed.pack()
use_image("//there.png")
# As saved on Windows.
os.makedirs(path("textures"))
png("textures/wood.png")
use_image("//textures\\wood.png")
use_image("//shot_0001.png", "SEQUENCE")
tiled = use_image("//tiles.<UDIM>.png", "TILED")
tiled.tiles.new(1002)
unused = bpy.data.images.new("unused", 1, 1)
unused.source = "FILE"
unused.filepath = "//unused.png"
unused.use_fake_user = True
bpy.data.objects["Cube"].driver_add("location", 0).driver.expression = "frame + 1"
bpy.data.texts.new("notes.py").write("raise SystemExit")
scene.render.engine = "CYCLES"
scene.cycles.samples = 77
scene.eevee.taa_render_samples = 33
scene.frame_start, scene.frame_end, scene.frame_step = 5, 25, 10
scene.render.fps, scene.render.fps_base = 30, 1.001
scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 1921, 1081, 50
scene.render.filepath = "//out/clean_###"
scene.render.image_settings.file_format = "OPEN_EXR"
camera = bpy.data.objects.new("B camera", bpy.data.cameras.new("B camera"))
scene.collection.objects.link(camera)
scene.camera = camera
scene.view_layers.new("Shadows")
scene.view_layers.new("Switched off").use = False
save("clean", compress=True)
os.remove(path("packed.png"))

# Everything that can be missing.
scene = new()
bpy.data.objects["Cube"].name = "There"
bpy.data.libraries.write(path("library.blend"), {bpy.data.objects["There"]})
bpy.data.objects["There"].name = "Gone"
bpy.data.libraries.write(path("other.blend"), {bpy.data.objects["Gone"]})
scene = new()
for library, name in (("library", "There"), ("other", "Gone")):
    with bpy.data.libraries.load(path(f"{library}.blend"), link=True) as (there, here):
        here.objects = [name]
    scene.collection.objects.link(here.objects[0])
use_image("//gone.png")
use_image("//tiles.<UDIM>.png", "TILED").tiles.new(1003)
use_image("//nothing_0001.png", "SEQUENCE")
editor = scene.sequence_editor_create()
strips = editor.strips if hasattr(editor, "strips") else editor.sequences
png("strip.png")
strips.new_image("strip", path("strip.png"), 1, 1)
volume = bpy.data.volumes.new("Cloud")
volume.filepath = "//cloud.vdb"
scene.collection.objects.link(bpy.data.objects.new("Cloud", volume))
save("missing")
os.remove(path("strip.png"))
os.remove(path("other.blend"))
os.rename(path("library.blend"), path("other.blend"))
bpy.ops.wm.read_factory_settings()
bpy.data.libraries.write(path("library.blend"), {bpy.data.objects["Cube"]})
os.remove(path("other.blend"))

# A library of a library, each in a folder of its own, with an image that is relative to the innermost.
os.makedirs(path("shelf/box"))
new()
png("shelf/box/inner.png")
use_image("//inner.png")
bpy.data.objects["Cube"].name = "Inner"
bpy.ops.wm.save_as_mainfile(filepath=path("shelf/box/inner.blend"), relative_remap=False)
scene = new()
with bpy.data.libraries.load(path("shelf/box/inner.blend"), link=True, relative=True) as (there, here):
    here.objects = ["Inner"]
collection = bpy.data.collections.new("Middle")
collection.objects.link(here.objects[0])
scene.collection.children.link(collection)
bpy.ops.wm.save_as_mainfile(filepath=path("shelf/middle.blend"))
scene = new()
with bpy.data.libraries.load(path("shelf/middle.blend"), link=True, relative=True) as (there, here):
    here.collections = ["Middle"]
scene.collection.children.link(here.collections[0])
bpy.ops.wm.save_as_mainfile(filepath=path("libraries.blend"))

# Scripts that a file may hold: each leaves a trace where it runs.
trace = repr(path("a-script-ran"))
new()
text = bpy.data.texts.new("registers.py")
text.write(f"open({trace}, 'w').close()")
text.use_module = True
save("script")
new()
driver = bpy.data.objects["Cube"].driver_add("location", 0).driver
driver.expression = f"len(str(open({trace}, 'w')))"
save("driver")
new()
layer = bpy.context.scene.view_layers[0]
layer.freestyle_settings.mode = "SCRIPT"
layer.freestyle_settings.modules.new().script = bpy.data.texts.new("lines.py")
save("lines")

# Several scenes, each with something of its own.
scene = new()
scene.name = "Main"
if hasattr(scene.render.image_settings, "media_type"):
    # Blender 5 offers a format only where its kind is chosen before.
    scene.render.image_settings.media_type = "VIDEO"
scene.render.image_settings.file_format = "FFMPEG"
scene.render.use_multiview = True
empty = bpy.data.scenes.new("Empty")
empty.render.image_settings.file_format = "IRIS"
empty.render.engine = "BLENDER_WORKBENCH"
views = bpy.data.scenes.new("Views")
views.render.use_multiview = True
views.render.image_settings.file_format = "TARGA_RAW"
views.render.views_format = "MULTIVIEW"
third = views.render.views.new("third")
third.file_suffix = "_T"
views.render.views["right"].use = False
views.camera = scene.camera
views.collection.objects.link(scene.camera)
denoise = bpy.data.scenes.new("Denoise")
denoise.render.engine = "CYCLES"
denoise.cycles.use_denoising = True
denoise.camera = scene.camera
# Named with and without an ending.
views.render.use_file_extension = denoise.render.use_file_extension = False
views.render.filepath, denoise.render.filepath = "//views_##.v1", "//denoise_##.PNG"
save("scenes")

# A script that counts frames, and one that only names what it would use.
scene = new()
text = bpy.data.texts.new("count.py")
text.write("import bpy\nbpy.app.handlers.frame_change_pre.append(print)\n")
save("idle-handlers")
text.use_module = True
save("handlers")
text.clear()
text.write("from bpy.app import handlers\nhandlers.render_pre.append(print)\n")
save("imported-handlers")
text.clear()
text.write("import bpy\nbpy.app.handlers.load_post.append(print)\n")
save("other-handlers")

# Scenes without a camera of their own: one that a marker sets, one that a later marker sets, and one that is not drawn.
scene = new()
camera, scene.camera = scene.camera, None
scene.timeline_markers.new("cut", frame=scene.frame_start).camera = camera
save("marked-camera")
scene.timeline_markers[0].frame += 1
# The marker has set it.
scene.camera = None
save("late-camera")
scene.timeline_markers.clear()
if hasattr(scene, "compositing_node_group"):
    tree = scene.compositing_node_group = bpy.data.node_groups.new("Compositing", "CompositorNodeTree")
else:
    scene.use_nodes = True
    tree = scene.node_tree
    tree.nodes.clear()
save("no-layers")
layers = tree.nodes.new("CompositorNodeRLayers")
layers.scene = scene
save("own-layers")
