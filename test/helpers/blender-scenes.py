"""Makes the .blend files of the tests: run by a Blender with factory settings, with the folder behind `--`."""

import os
import sys

import bpy

FOLDER = sys.argv[sys.argv.index("--") + 1]


def path(name):
    return os.path.join(FOLDER, name)


def basic():
    """Blender's cube, turning, 24 small frames of 4 samples."""
    bpy.ops.wm.read_factory_settings()
    scene = bpy.context.scene
    render = scene.render
    render.engine = "CYCLES"
    render.resolution_x, render.resolution_y, render.resolution_percentage = 160, 90, 100
    # Builds without the denoiser would fail.
    scene.cycles.use_denoising = False
    scene.cycles.samples = 4
    scene.eevee.taa_render_samples = 4
    scene.frame_start, scene.frame_end = 1, 24
    render.filepath = "//anim_####"
    cube = bpy.data.objects["Cube"]
    cube.keyframe_insert("rotation_euler", frame=1)
    cube.rotation_euler[2] = 3.0
    cube.keyframe_insert("rotation_euler", frame=24)
    return scene


def save(name, relative=True):
    """Blender makes the paths of a file relative that was never saved, unless it is told not to."""
    bpy.ops.wm.save_as_mainfile(filepath=path(f"{name}.blend"), copy=True, relative_remap=relative)


def script(name, text):
    block = bpy.data.texts.new(f"{name}.py")
    block.write(text)
    block.use_module = True


def material_of_cube():
    return bpy.data.objects["Cube"].data.materials[0]


def textured(file):
    """Gives the cube an image as its colour."""
    tree = material_of_cube().node_tree
    texture = tree.nodes.new("ShaderNodeTexImage")
    texture.image = bpy.data.images.new("texture", 4, 4)
    texture.image.source = "FILE"
    texture.image.filepath = file
    tree.links.new(texture.outputs["Color"], tree.nodes["Principled BSDF"].inputs["Base Color"])


def set_format(settings, name):
    """Blender 5 offers a format only where its kind is chosen before."""
    if hasattr(settings, "media_type"):
        kinds = {"FFMPEG": "VIDEO", "OPEN_EXR_MULTILAYER": "MULTI_LAYER_IMAGE"}
        settings.media_type = kinds.get(name, "IMAGE")
    settings.file_format = name


def compositor_of(scene):
    """The scene's compositor with a Render Layers node in it."""
    if not hasattr(scene, "compositing_node_group"):
        scene.use_nodes = True
        return scene.node_tree, scene.node_tree.nodes["Render Layers"]
    tree = scene.compositing_node_group = bpy.data.node_groups.new("Compositor", "CompositorNodeTree")
    layers = tree.nodes.new("CompositorNodeRLayers")
    tree.interface.new_socket("Image", in_out="OUTPUT", socket_type="NodeSocketColor")
    tree.links.new(layers.outputs["Image"], tree.nodes.new("NodeGroupOutput").inputs[0])
    return tree, layers


def add_file_output(tree, folder, names, format="PNG"):
    """A File Output node: with layers, the only name is the file's."""
    node = tree.nodes.new("CompositorNodeOutputFile")
    layered = format == "OPEN_EXR_MULTILAYER"
    set_format(node.format, format)
    if hasattr(node, "directory"):
        node.directory, node.file_name = folder, names[0] if layered else ""
        for name in ["Image"] if layered else names:
            # Blender strips `../` from names.
            node.file_output_items.new("RGBA", name.replace("../", ""))
    elif layered:
        node.base_path = folder + names[0]
    else:
        node.base_path = folder
        node.file_slots[0].path = names[0]
        for name in names[1:]:
            node.file_slots.new(name)
    return node


def add_camera(name, location, rotation):
    camera = bpy.data.objects.new(name, bpy.data.cameras.new(name))
    camera.location, camera.rotation_euler = location, rotation
    bpy.context.scene.collection.objects.link(camera)
    return camera


basic()
save("anim")

scene = basic()
scene.cycles.samples = 100_000
scene.render.resolution_x, scene.render.resolution_y = 1280, 720
save("long")

basic()
bpy.data.objects.remove(bpy.data.objects["Camera"])
save("no-camera")

basic()
textured("//textures/gone.png")
save("missing-texture")
next(image for image in bpy.data.images if image.filepath.endswith("gone.png")).filepath = "//textures\\gone.png"
save("windows-texture", relative=False)

scene = basic()
scene.keyframe_insert("view_settings.exposure", frame=-3)
scene.view_settings.exposure = -20
scene.keyframe_insert("view_settings.exposure", frame=1)
save("keyed-exposure")

# Sequences of three, the second of each missing, and some that this scene does not show.
scene = basic()
textured("//shot_0001.png")
node = next(node for node in material_of_cube().node_tree.nodes if node.bl_idname == "ShaderNodeTexImage")
node.image.source = "SEQUENCE"
node.image_user.frame_duration = 3
node.image_user.use_auto_refresh = True
unused = material_of_cube().copy()
unused.use_fake_user = True
elsewhere = bpy.data.scenes.new("Elsewhere")
elsewhere.collection.objects.link(bpy.data.objects.new("Other", bpy.data.meshes.new("Other")))
elsewhere.objects["Other"].data.materials.append(material_of_cube().copy())
for material, name in ((unused, "unused"), (elsewhere.objects["Other"].data.materials[0], "elsewhere")):
    node = next(node for node in material.node_tree.nodes if node.bl_idname == "ShaderNodeTexImage")
    node.image = node.image.copy()
    node.image.filepath = f"//{name}_0001.png"
picture = bpy.data.images.new("picture", 4, 4)
for number in (1, 3):
    picture.filepath_raw, picture.file_format = path(f"shot_000{number}.png"), "PNG"
    picture.save()
    for name in ("unused", "elsewhere"):
        picture.filepath_raw = path(f"{name}_000{number}.png")
        picture.save()
    with open(path(f"cloud_000{number}.vdb"), "w") as file:
        file.write("no volume")
tree = compositor_of(scene)[0]
shown = tree.nodes.new("CompositorNodeBlur")
for name, start in (("overlay", 3), ("unlinked", 1)):
    node = tree.nodes.new("CompositorNodeImage")
    node.image = bpy.data.images.new(name, 4, 4)
    node.image.source, node.image.filepath = "SEQUENCE", f"//{name}_0001.png"
    node.frame_start, node.frame_duration, node.use_auto_refresh = start, 3, True
    if name == "overlay":
        tree.links.new(node.outputs["Image"], shown.inputs["Image"])
    for number in range(1, 4 if name == "overlay" else 2):
        picture.filepath_raw = path(f"{name}_000{number}.png")
        picture.save()
volume = bpy.data.volumes.new("Cloud")
volume.filepath, volume.is_sequence, volume.frame_duration = "//cloud_0001.vdb", True, 3
hidden = bpy.data.objects.new("Cloud", volume)
hidden.hide_render = True
scene.collection.objects.link(hidden)
save("sequences")

scene = basic()
tree, layers = compositor_of(scene)
other = bpy.data.scenes.new("Other")
cloth = bpy.data.objects.new("Sail", bpy.data.meshes.new("Sail"))
cloth.modifiers.new("Cloth", "CLOTH")
other.collection.objects.link(cloth)
more = tree.nodes.new("CompositorNodeRLayers")
more.scene = other
# Of a scene that a compositor takes, the own compositor does not run.
third = bpy.data.scenes.new("Third")
flag = bpy.data.objects.new("Flag", bpy.data.meshes.new("Flag"))
flag.modifiers.new("Cloth", "CLOTH")
third.collection.objects.link(flag)
compositor_of(other)[1].scene = third
save("composited")
more.mute = True
save("composited-not")

basic()
textured(path("textures/gone.png"))
save("absolute-texture", relative=False)

basic()
bpy.data.objects["Cube"].name = "Linked"
bpy.data.libraries.write(path("library.blend"), {bpy.data.objects["Linked"]})
for name in ("library", "gone-library"):
    if name == "gone-library":
        os.rename(path("library.blend"), path("gone-library.blend"))
    basic()
    with bpy.data.libraries.load(path(f"{name}.blend"), link=True, relative=True) as (there, here):
        here.objects = ["Linked"]
    bpy.context.scene.collection.objects.link(here.objects[0])
    bpy.data.libraries[0].filepath = f"//{name}.blend"
    save(f"uses-{name}")
    if name == "gone-library":
        os.rename(path("gone-library.blend"), path("library.blend"))

scene = basic()
scene.cycles.use_denoising = True
save("denoise")

scene = basic()
set_format(scene.render.image_settings, "FFMPEG")
save("movie")

scene = basic()
scene.render.use_multiview = True
scene.render.image_settings.views_format = "INDIVIDUAL"
save("stereo")
scene.render.image_settings.views_format = "STEREO_3D"
scene.render.image_settings.stereo_3d_format.display_mode = "SIDEBYSIDE"
save("side-by-side")

scene.render.views["right"].use = False
save("one-view")

scene = basic()
scene.render.use_multiview = True
set_format(scene.render.image_settings, "OPEN_EXR")
scene.render.image_settings.views_format = "MULTIVIEW"
save("views-in-one")

scene = basic()
set_format(scene.render.image_settings, "JPEG2000")
scene.render.image_settings.jpeg2k_codec = "J2K"
save("j2k")

scene = basic()
scene.render.use_border = scene.render.use_crop_to_border = True
scene.render.border_min_x, scene.render.border_max_x = 0.25, 0.75
scene.render.border_min_y, scene.render.border_max_y = 0.1, 0.5
save("cropped")

scene = basic()
set_format(scene.render.image_settings, "OPEN_EXR_MULTILAYER")
scene.render.image_settings.color_depth = "16"
scene.view_layers[0].use_pass_z = True
scene.view_layers[0].use_pass_normal = True
scene.view_layers.new("Second layer")
save("multilayer")

scene = basic()
tree, layers = compositor_of(scene)
slots = add_file_output(tree, "//passes/b##", ["colour_##", "deep/alpha", "../beside_"])
for number, output in enumerate(("Image", "Alpha", "Image")):
    tree.links.new(layers.outputs[output], slots.inputs[number])
layered = add_file_output(tree, "//layered\\", ["all_"], "OPEN_EXR_MULTILAYER")
tree.links.new(layers.outputs["Image"], layered.inputs[0])
save("file-output")
scene.render.use_multiview = True
save("file-output-stereo")
scene.render.use_multiview = scene.render.use_file_extension = False
scene.render.filepath = "//named_##.png"
for node in (slots, layered):
    if hasattr(node, "use_file_extension"):
        node.use_file_extension = False
save("file-output-bare")

scene = basic()
film = bpy.data.scenes.new("Film")
film.render.resolution_x, film.render.resolution_y, film.render.resolution_percentage = 160, 90, 100
film.frame_start, film.frame_end = 1, 20
film.render.engine = "CYCLES"
film.view_settings.view_transform = "Standard"
editor = film.sequence_editor_create()
strips = editor.strips if hasattr(editor, "strips") else editor.sequences
strips.new_scene("the scene", scene, 1, 1)
# Blender 5 takes the length instead.
end = {"length": 11} if bpy.app.version >= (5, 0) else {"frame_end": 20}
colour = strips.new_effect("colour", "COLOR", 1, frame_start=10, **end)
colour.color = (0.0, 1.0, 0.0)
colour.channel = 2
bpy.context.window.scene = film
save("sequencer")

scene = basic()
add_camera("Away", (100, 100, 100), (0, 0, 0))
second = bpy.data.scenes.new("Second")
second.world = bpy.data.worlds.new("Red")
second.world.color = (1.0, 0.0, 0.0)
if second.world.node_tree is not None:
    # In Blender 5 every world has nodes.
    second.world.node_tree.nodes["Background"].inputs["Color"].default_value = (1.0, 0.0, 0.0, 1.0)
camera = bpy.data.objects.new("Second camera", bpy.data.cameras.new("Second camera"))
second.collection.objects.link(camera)
second.camera = camera
second.view_settings.view_transform = "Standard"
second.render.engine = "CYCLES"
second.cycles.use_denoising = False
marker = scene.timeline_markers.new("cut", frame=1)
marker.camera = scene.objects["Camera"]
save("two-scenes")
bpy.context.window.scene = second
save("second-active")
basic()
with bpy.data.libraries.load(path("second-active.blend"), link=True, relative=True) as (there, here):
    here.scenes = ["Second"]
bpy.context.window.scene = here.scenes[0]
save("linked-active")

scene = basic()
scene.cycles.device = "GPU"
save("gpu")

for name, text in {
    "raising": "import bpy\ndef fail(*_):\n    raise ValueError('a bad day')\nbpy.app.handlers.frame_change_pre.append(fail)\n",
    "sleeping": "import bpy, time\ndef sleep(*_):\n    time.sleep(1000)\nbpy.app.handlers.render_pre.append(sleep)\n",
    "redirecting": "import bpy\ndef redirect(scene, *_):\n    scene.render.filepath = bpy.path.abspath('//elsewhere')\nbpy.app.handlers.render_init.append(redirect)\n",
    "hungry": "import bpy, time\neaten = []\ndef eat(*_):\n    while True:\n        eaten.append(bytearray(64 << 20))\n        eaten[-1][::4096] = b'x' * (16 << 10)\n        time.sleep(0.02)\nbpy.app.handlers.render_pre.append(eat)\n",
    "leaving": "import bpy, os\ndef leave(*_):\n    os._exit(1)\nbpy.app.handlers.render_pre.append(leave)\n",
}.items():
    basic()
    script(name, text)
    save(name)

# A style module of Freestyle's Python mode, which leaves a trace.
scene = basic()
scene.render.use_freestyle = scene.view_layers[0].use_freestyle = True
settings = scene.view_layers[0].freestyle_settings
settings.mode = "SCRIPT"
settings.modules.new().script = bpy.data.texts.new("lines.py")
settings.modules[0].script.write("import bpy\nopen(bpy.path.abspath('//lines-were-drawn'), 'w').close()")
save("line-script")

for name, engine in {"eevee": ("BLENDER_EEVEE_NEXT", "BLENDER_EEVEE"), "workbench": ("BLENDER_WORKBENCH",)}.items():
    scene = basic()
    for identifier in engine:
        try:
            scene.render.engine = identifier
            break
        except TypeError:
            pass
    save(name)


class GoneEngine(bpy.types.RenderEngine):
    bl_idname = "FRAMEGAUGE_GONE"
    bl_label = "Gone"


scene = basic()
bpy.utils.register_class(GoneEngine)
scene.render.engine = "FRAMEGAUGE_GONE"
save("gone-engine")
bpy.utils.unregister_class(GoneEngine)

basic()
bpy.ops.wm.save_as_mainfile(filepath=path("plain.blend"), copy=True, compress=False)
