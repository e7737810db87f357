"""Makes small scenes of every kind, each in a folder of its own: run by a Blender with factory settings, with the folder behind `--`. Prints the name of each scene that this Blender can make."""

import math
import os
import sys

import bpy

FOLDER = sys.argv[sys.argv.index("--") + 1]
VERSION = bpy.app.version
SCENES = []


def scene_of(function_or_major, minor=None):
    """A function that makes a scene, or the version of Blender from which on there is such a thing."""
    if minor is None:
        SCENES.append(function_or_major)
        return function_or_major
    return scene_of if VERSION >= (function_or_major, minor) else lambda function: function


def fresh(end=3, engine="CYCLES"):
    bpy.ops.wm.read_factory_settings(use_empty=True)
    return setup(bpy.context.scene, end, engine)


def setup(scene, end=3, engine="CYCLES"):
    render = scene.render
    for name in (engine, f"{engine}_NEXT"):
        try:
            render.engine = name
            break
        except TypeError:
            pass
    render.resolution_x, render.resolution_y, render.resolution_percentage = 48, 27, 100
    scene.cycles.samples, scene.cycles.use_denoising, scene.cycles.device = 1, False, "CPU"
    scene.eevee.taa_render_samples = 1
    scene.frame_start, scene.frame_end = 1, end
    scene.view_settings.view_transform = "Standard"
    render.filepath = "//out/f_####"
    # What changes from run to run, and would make equal pictures different files.
    for name in dir(render):
        if name.startswith("use_stamp"):
            setattr(render, name, False)
    camera = bpy.data.objects.new("Camera", bpy.data.cameras.new("Camera"))
    camera.location, camera.rotation_euler = (0, -8, 0), (math.pi / 2, 0, 0)
    scene.collection.objects.link(camera)
    scene.camera = camera
    scene.world = bpy.data.worlds.new("World")
    scene.world.color = (0.4, 0.4, 0.5)
    return scene


def glow(color, name="Glow"):
    """A material whose picture has no noise."""
    material = bpy.data.materials.new(name)
    material.use_nodes = True
    tree = material.node_tree
    tree.nodes.clear()
    emission, output = tree.nodes.new("ShaderNodeEmission"), tree.nodes.new("ShaderNodeOutputMaterial")
    emission.inputs[0].default_value = (*color, 1)
    tree.links.new(emission.outputs[0], output.inputs[0])
    material.diffuse_color = (*color, 1)
    return material


def thing(scene, kind="cube", color=(1, 0.2, 0.1), at=(0, 0, 0), **options):
    view = bpy.context.window.scene
    bpy.context.window.scene = scene
    getattr(bpy.ops.mesh, f"primitive_{kind}_add")(location=at, **options)
    made = bpy.context.object
    made.data.materials.append(glow(color))
    bpy.context.window.scene = view
    return made


def slide(owner, path="location", values=((-2, 0, 0), (2, 0, 0)), frames=(1, 3)):
    for value, frame in zip(values, frames):
        holder, _, name = path.rpartition(".")
        target = owner.path_resolve(holder) if holder else owner
        setattr(target, name, value)
        target.keyframe_insert(name, frame=frame)


def moving(end=3, **options):
    scene = fresh(end, **options)
    slide(thing(scene))
    return scene


def script(text):
    block = bpy.data.texts.new("script.py")
    block.write(text)
    block.use_module = True


def compositor(scene):
    """Tree and the node whose first input is the picture."""
    if hasattr(scene, "compositing_node_group"):
        tree = bpy.data.node_groups.new("Compositing", "CompositorNodeTree")
        scene.compositing_node_group = tree
        tree.interface.new_socket("Image", in_out="OUTPUT", socket_type="NodeSocketColor")
        end = tree.nodes.new("NodeGroupOutput")
    else:
        scene.use_nodes = True
        tree = scene.node_tree
        tree.nodes.clear()
        end = tree.nodes.new("CompositorNodeComposite")
    layers = tree.nodes.new("CompositorNodeRLayers")
    layers.scene = scene
    return tree, layers, end


def file_output(tree, folder, names, multilayer=False):
    node = tree.nodes.new("CompositorNodeOutputFile")
    if hasattr(node, "directory"):
        node.directory = folder
        node.format.media_type = "MULTI_LAYER_IMAGE" if multilayer else "IMAGE"
        if not multilayer:
            node.format.file_format = "PNG"
            # Blender's own default for new nodes is an OpenEXR for all.
            node.file_name = ""
        else:
            node.file_name = names[0]
        for name in names:
            node.file_output_items.new("RGBA", name)
    else:
        node.base_path = folder + (names[0] if multilayer else "")
        node.format.file_format = "OPEN_EXR_MULTILAYER" if multilayer else "PNG"
        if not multilayer:
            node.file_slots.clear()
            for name in names:
                node.file_slots.new(name)
    node.format.color_depth = "16" if multilayer else "8"
    return node


def strips_of(scene):
    editor = scene.sequence_editor_create()
    return editor.strips if hasattr(editor, "strips") else editor.sequences


def length(start, end):
    """How long an effect is, as this version wants it to be told."""
    return {"frame_start": start, "length": end - start} if VERSION >= (5, 0) else {"frame_start": start, "frame_end": end}


def picture(name, color):
    image = bpy.data.images.new(name, 4, 4)
    image.pixels = [*color, 1] * 16
    image.filepath_raw = os.path.join(FOLDER, CURRENT, name)
    image.file_format = "PNG"
    image.save()
    bpy.data.images.remove(image)
    return f"//{name}"


@scene_of
def plain():
    moving()


@scene_of
def noise():
    scene = moving()
    bpy.data.materials[0].node_tree.nodes.clear()
    scene.cycles.use_animated_seed = True
    scene.cycles.samples = 2


@scene_of
def driver():
    scene = moving()
    made = thing(scene, at=(0, 0, 1.5))
    made.driver_add("location", 0).driver.expression = "frame - 2"


@scene_of
def context_in_drivers():
    scene = moving()
    scene["wanted"] = 2.0
    made = thing(scene, at=(0, 0, 1.5))
    made.driver_add("location", 0).driver.expression = "bpy.context.scene['wanted'] - frame * (bpy.context.scene.frame_end - bpy.context.scene.frame_start) / 2 + (bpy.context.view_layer.name != 'ViewLayer') + (bpy.data.scenes[0].name != 'Scene')"


@scene_of
def handlers():
    scene = fresh()
    thing(scene).name = "Cube"
    # Each wants the scene to be the one that is rendered, and counts what it sees.
    script(
        "import bpy\n"
        "def place(scene, *_):\n"
        "    scene.objects['Cube'].location.x = scene.frame_current - 2\n"
        "    bpy.context.scene.objects['Cube'].location.z = bpy.context.scene.frame_current / 3\n"
        "def tint(*_):\n"
        "    bpy.context.scene.world.color = (bpy.context.scene.frame_current / 4, bpy.context.scene.frame_start / 2, bpy.context.scene.frame_end / 6)\n"
        "bpy.app.handlers.frame_change_pre.append(place)\n"
        "bpy.app.handlers.render_pre.append(tint)\n"
    )


@scene_of
def shape_keys():
    scene = fresh()
    made = thing(scene)
    made.shape_key_add(name="Basis")
    key = made.shape_key_add(name="Wide")
    for point in key.data:
        point.co.x *= 2.5
    slide(key, "value", (0.0, 1.0))


@scene_of
def armature():
    scene = fresh()
    made = thing(scene)
    bones = bpy.data.armatures.new("Bones")
    rig = bpy.data.objects.new("Rig", bones)
    scene.collection.objects.link(rig)
    bpy.context.view_layer.objects.active = rig
    bpy.ops.object.mode_set(mode="EDIT")
    bones.edit_bones.new("Bone").tail = (0, 0, 1)
    bpy.ops.object.mode_set(mode="OBJECT")
    made.modifiers.new("Armature", "ARMATURE").object = rig
    group = made.vertex_groups.new(name="Bone")
    group.add(range(8), 1.0, "REPLACE")
    bone = rig.pose.bones["Bone"]
    slide(bone, "location", ((-1.5, 0, 0), (1.5, 0, 0)))


@scene_of
def constraints():
    scene = moving()
    follower = thing(scene, "uv_sphere", (0, 1, 0), segments=8, ring_count=4)
    constraint = follower.constraints.new("COPY_LOCATION")
    constraint.target, constraint.influence = bpy.data.objects["Cube"], 0.5
    turned = thing(scene, "cone", (0, 0, 1), (0, 0, 2))
    turned.constraints.new("TRACK_TO").target = follower


@scene_of
def hair():
    scene = moving()
    bpy.context.view_layer.objects.active = bpy.data.objects["Cube"]
    bpy.ops.object.particle_system_add()
    settings = bpy.data.particles[0]
    settings.type, settings.count, settings.hair_length, settings.root_radius = "HAIR", 60, 1, 10


def in_motion(end=5):
    scene = fresh(end)
    scene.gravity = (0, 0, -120)
    return scene


@scene_of
def particles():
    scene = in_motion()
    thing(scene, at=(0, 0, 1.5))
    bpy.ops.object.particle_system_add()
    settings = bpy.data.particles[0]
    shape = thing(scene, "cube", (0, 1, 0), (50, 0, 0), size=1)
    settings.count, settings.frame_start, settings.frame_end, settings.particle_size = 60, 1, 4, 0.4
    settings.render_type, settings.instance_object = "OBJECT", shape


@scene_of
def cloth():
    scene = in_motion()
    thing(scene, "grid", at=(0, 0, 2), x_subdivisions=6, y_subdivisions=6, size=3)
    bpy.ops.object.modifier_add(type="CLOTH")


@scene_of
def cloth_switched_on():
    cloth()
    modifier = bpy.data.objects["Grid"].modifiers[0]
    for shown, frame in ((False, 1), (True, 3)):
        modifier.show_render = shown
        modifier.keyframe_insert("show_render", frame=frame)
    bpy.context.scene.frame_set(1)


@scene_of
def composited_cloth():
    other = in_motion()
    thing(other, "grid", at=(0, 0, 2), x_subdivisions=6, y_subdivisions=6, size=3)
    bpy.ops.object.modifier_add(type="CLOTH")
    scene = setup(bpy.data.scenes.new("Shown"), 5)
    tree, layers, end = compositor(scene)
    layers.scene = other
    tree.links.new(layers.outputs[0], end.inputs[0])
    node = file_output(tree, "//passes/", ["cloth_##"])
    tree.links.new(layers.outputs[0], node.inputs[0])
    bpy.context.window.scene = scene


@scene_of
def strip_of_composited_cloth():
    composited_cloth()
    shown = bpy.context.scene
    film = setup(bpy.data.scenes.new("Film"), 5)
    strips_of(film).new_scene("shown", shown, 1, 1)
    bpy.context.window.scene = film


@scene_of
def soft_body():
    scene = in_motion()
    thing(scene, at=(0, 0, 2))
    bpy.ops.object.modifier_add(type="SOFT_BODY")
    bpy.context.object.soft_body.use_goal = False


@scene_of
def rigid_body():
    scene = in_motion()
    thing(scene, at=(0, 0, 2))
    bpy.ops.rigidbody.world_add()
    bpy.ops.rigidbody.object_add()


@scene_of
def rigid_body_in_steps():
    scene = in_motion(7)
    scene.frame_step = 3
    thing(scene, at=(0, 0, 2))
    bpy.ops.rigidbody.world_add()
    bpy.ops.rigidbody.object_add()


@scene_of
def dynamic_paint():
    scene = fresh(5)
    canvas = thing(scene, "grid", x_subdivisions=20, y_subdivisions=20, size=6)
    canvas.rotation_euler.x = math.pi / 2
    bpy.ops.object.modifier_add(type="DYNAMIC_PAINT")
    bpy.ops.dpaint.type_toggle(type="CANVAS")
    canvas.modifiers[0].canvas_settings.canvas_surfaces[0].surface_type = "DISPLACE"
    canvas.modifiers[0].canvas_settings.canvas_surfaces[0].displace_factor = 3
    brush = thing(scene, "uv_sphere", (0, 1, 0), segments=8, ring_count=4)
    bpy.ops.object.modifier_add(type="DYNAMIC_PAINT")
    brush.modifiers[0].ui_type = "BRUSH"
    bpy.ops.dpaint.type_toggle(type="BRUSH")
    slide(brush, frames=(1, 5))


@scene_of
def cloth_by_geometry_nodes():
    scene = in_motion()
    hidden = thing(scene, "grid", at=(0, 0, 2), x_subdivisions=6, y_subdivisions=6, size=3)
    bpy.ops.object.modifier_add(type="CLOTH")
    scene.collection.objects.unlink(hidden)

    def build(group, given):
        info = group.nodes.new("GeometryNodeObjectInfo")
        info.inputs["Object"].default_value = hidden
        return info.outputs["Geometry"]

    geometry(thing(scene), build)


@scene_of
def baked_rigid_body():
    rigid_body()
    scene = bpy.context.scene
    cache = scene.rigidbody_world.point_cache
    cache.frame_start, cache.frame_end = 1, 5
    with bpy.context.temp_override(point_cache=cache):
        bpy.ops.ptcache.bake(bake=True)


def geometry(made, build):
    group = bpy.data.node_groups.new("Geometry", "GeometryNodeTree")
    if hasattr(group, "interface"):
        group.interface.new_socket("Geometry", in_out="INPUT", socket_type="NodeSocketGeometry")
        group.interface.new_socket("Geometry", in_out="OUTPUT", socket_type="NodeSocketGeometry")
    else:
        group.inputs.new("NodeSocketGeometry", "Geometry")
        group.outputs.new("NodeSocketGeometry", "Geometry")
    start, end = group.nodes.new("NodeGroupInput"), group.nodes.new("NodeGroupOutput")
    group.links.new(build(group, start.outputs[0]), end.inputs[0])
    made.modifiers.new("Geometry", "NODES").node_group = group
    return group


def moved_by_time(group, given):
    nodes, links = group.nodes, group.links
    move, time, offset = nodes.new("GeometryNodeSetPosition"), nodes.new("GeometryNodeInputSceneTime"), nodes.new("ShaderNodeCombineXYZ")
    links.new(given, move.inputs["Geometry"])
    links.new(time.outputs["Seconds"], offset.inputs[0])
    scale = nodes.new("ShaderNodeVectorMath")
    scale.operation = "SCALE"
    scale.inputs["Scale"].default_value = 15
    links.new(offset.outputs[0], scale.inputs[0])
    links.new(scale.outputs[0], move.inputs["Offset"])
    return move.outputs[0]


@scene_of
def geometry_nodes():
    geometry(thing(fresh()), moved_by_time)


@scene_of(3, 6)
def simulation_nodes():
    def build(group, given):
        start, end = group.nodes.new("GeometryNodeSimulationInput"), group.nodes.new("GeometryNodeSimulationOutput")
        start.pair_with_output(end)
        group.links.new(given, start.inputs[0])
        move = group.nodes.new("GeometryNodeSetPosition")
        move.inputs["Offset"].default_value = (0.5, 0, 0.2)
        group.links.new(start.outputs["Geometry"], move.inputs["Geometry"])
        group.links.new(move.outputs[0], end.inputs[0])
        return end.outputs[0]

    geometry(thing(fresh(5)), build)


@scene_of
def image_sequence():
    scene = fresh(4)
    for number, color in enumerate(((1, 0, 0), (0, 1, 0), (0, 0, 1), (1, 1, 0)), 1):
        picture(f"seq_{number:03}.png", color)
    made = thing(scene, size=4)
    tree = made.data.materials[0].node_tree
    node = tree.nodes.new("ShaderNodeTexImage")
    node.image = bpy.data.images.load(os.path.join(FOLDER, CURRENT, "seq_001.png"))
    node.image.filepath = "//seq_001.png"
    node.image.source = "SEQUENCE"
    node.image_user.frame_duration = 4
    node.image_user.use_auto_refresh = True
    tree.links.new(node.outputs[0], next(node for node in tree.nodes if node.type == "EMISSION").inputs[0])


def two_eyes(scene):
    scene.render.use_multiview = True
    scene.camera.data.stereo.interocular_distance = 0.8
    return scene


@scene_of
def stereo():
    two_eyes(moving()).render.image_settings.views_format = "INDIVIDUAL"


@scene_of
def side_by_side():
    settings = two_eyes(moving()).render.image_settings
    settings.views_format = "STEREO_3D"
    settings.stereo_3d_format.display_mode = "SIDEBYSIDE"


def one_eye():
    render = two_eyes(moving()).render
    render.views["right"].use = False
    return render


@scene_of
def one_view():
    one_eye().image_settings.views_format = "INDIVIDUAL"


@scene_of
def one_view_of_three():
    render = one_eye()
    render.views_format = "MULTIVIEW"
    render.views.new("third").use = False
    render.image_settings.file_format = "TIFF"


@scene_of
def one_view_side_by_side():
    settings = one_eye().image_settings
    settings.views_format = "STEREO_3D"
    settings.stereo_3d_format.display_mode = "SIDEBYSIDE"


def as_exr(scene, **settings):
    settings_of_scene = scene.render.image_settings
    settings_of_scene.file_format, settings_of_scene.exr_codec = "OPEN_EXR", "ZIP"
    for name, value in settings.items():
        setattr(settings_of_scene, name, value)
    return scene


@scene_of
def all_views_in_one():
    two_eyes(as_exr(moving(), views_format="MULTIVIEW"))


@scene_of
def anaglyph_after_all_in_one():
    settings = two_eyes(as_exr(moving(), views_format="MULTIVIEW")).render.image_settings
    settings.file_format = "PNG"


@scene_of
def exr_previews():
    as_exr(moving(), use_preview=True)


@scene_of
def exr_previews_of_views():
    two_eyes(as_exr(moving(), use_preview=True, views_format="INDIVIDUAL"))


@scene_of
def three_views():
    scene = moving()
    scene.render.use_multiview = True
    scene.render.views_format = "MULTIVIEW"
    scene.render.views["left"].camera_suffix = "_1"
    scene.render.views["left"].file_suffix = "_1"
    scene.render.views["right"].file_suffix = ".x"
    scene.camera.name = "Camera_1"
    other = bpy.data.objects.new("Camera_R", scene.camera.data)
    other.location, other.rotation_euler = (1, -8, 0), scene.camera.rotation_euler
    scene.collection.objects.link(other)


def bordered(crop):
    render = moving().render
    render.use_border, render.use_crop_to_border = True, crop
    render.border_min_x, render.border_max_x, render.border_min_y, render.border_max_y = 0.1, 0.7, 0.35, 0.9
    return render


@scene_of
def border():
    bordered(False)


@scene_of
def cropped():
    bordered(True)


@scene_of
def cropped_by_float32():
    render = bordered(True)
    render.resolution_x, render.resolution_y = 200, 100
    render.border_min_x, render.border_min_y, render.border_max_y = 0, 0, 1


@scene_of
def cropped_at_percentage():
    render = bordered(True)
    render.resolution_x, render.resolution_y, render.resolution_percentage = 101, 57, 47


@scene_of
def percentage():
    scene = moving()
    scene.render.resolution_x, scene.render.resolution_y, scene.render.resolution_percentage = 97, 55, 50
    tree, layers, end = compositor(scene)
    image = tree.nodes.new("CompositorNodeImage")
    image.image = bpy.data.images.load(os.path.join(FOLDER, CURRENT, picture("plate.png", (0, 0, 1))[2:]))
    scale, over = tree.nodes.new("CompositorNodeScale"), tree.nodes.new("CompositorNodeAlphaOver")
    if VERSION >= (5, 0):
        scale.inputs["Type"].default_value = "Scene Size"
    else:
        scale.space = "SCENE_SIZE"
    blur = tree.nodes.new("CompositorNodeBlur")
    if VERSION < (5, 0):
        blur.size_x = blur.size_y = 4
    tree.links.new(image.outputs[0], scale.inputs[0])
    tree.links.new(layers.outputs[0], blur.inputs[0])
    images = [socket for socket in over.inputs if socket.type == "RGBA"]
    tree.links.new(blur.outputs[0], images[0])
    tree.links.new(scale.outputs[0], images[1])
    over.inputs["Factor" if "Factor" in over.inputs else "Fac"].default_value = 0.5
    tree.links.new(over.outputs[0], end.inputs[0])


@scene_of
def compositing():
    scene = moving()
    tree, layers, end = compositor(scene)
    invert = tree.nodes.new("CompositorNodeInvert")
    tree.links.new(layers.outputs[0], invert.inputs["Color"])
    tree.links.new(invert.outputs[0], end.inputs[0])
    factor = invert.inputs["Factor" if "Factor" in invert.inputs else "Fac"]
    for value, frame in ((0.0, 1), (1.0, 3)):
        factor.default_value = value
        factor.keyframe_insert("default_value", frame=frame)


@scene_of
def file_outputs():
    scene = moving()
    tree, layers, end = compositor(scene)
    tree.links.new(layers.outputs[0], end.inputs[0])
    for node in (file_output(tree, "//passes/b##/", ["colour_##", "deep/alpha"]), file_output(tree, "//layered/", ["all_"], multilayer=True)):
        for socket, output in zip([socket for socket in node.inputs if socket.type != "CUSTOM"], ("Image", "Alpha")):
            tree.links.new(layers.outputs[output], socket)


@scene_of
def file_outputs_in_groups():
    scene = moving()
    tree, layers, end = compositor(scene)
    tree.links.new(layers.outputs[0], end.inputs[0])
    inner = bpy.data.node_groups.new("Inner", "CompositorNodeTree")
    if hasattr(inner, "interface"):
        inner.interface.new_socket("Image", in_out="INPUT", socket_type="NodeSocketColor")
    else:
        inner.inputs.new("NodeSocketColor", "Image")
    outer = inner.copy()
    outer.name = "Outer"
    start = inner.nodes.new("NodeGroupInput")
    node = file_output(inner, "//inner/", ["nested_"])
    inner.links.new(start.outputs[0], node.inputs[0])
    start, nested = outer.nodes.new("NodeGroupInput"), outer.nodes.new("CompositorNodeGroup")
    nested.node_tree = inner
    outer.links.new(start.outputs[0], nested.inputs[0])
    group = tree.nodes.new("CompositorNodeGroup")
    group.node_tree = outer
    tree.links.new(layers.outputs[0], group.inputs[0])


@scene_of(5, 0)
def path_templates():
    scene = moving()
    scene.render.filepath = "//{blend_name}/{scene_name}_{resolution_x}_####"
    tree, layers, end = compositor(scene)
    tree.links.new(layers.outputs[0], end.inputs[0])
    node = file_output(tree, "//{blend_name}_{node_name}/f##/", ["part_{camera_name}"])
    node.file_name = "x_{scene_name}_##"
    tree.links.new(layers.outputs[0], node.inputs[0])
    scene.render.resolution_percentage = 50


@scene_of
def scene_strip():
    scene = moving()
    scene.name = "Source"
    film = setup(bpy.data.scenes.new("Film"))
    strips = strips_of(film)
    strips.new_scene("the scene", scene, 1, 1)
    colour = strips.new_effect("colour", "COLOR", 2, **length(3, 4))
    colour.color = (0.0, 1.0, 0.0)
    bpy.context.window.scene = film


@scene_of
def scene_strip_offset():
    scene = moving(6)
    scene.name = "Source"
    film = setup(bpy.data.scenes.new("Film"))
    strips_of(film).new_scene("the scene", scene, 1, 0)
    bpy.context.window.scene = film


@scene_of
def interpolated_speed_strip():
    scene = moving()
    scene.name = "Source"
    film = setup(bpy.data.scenes.new("Film"), 5)
    strips = strips_of(film)
    strip = strips.new_scene("the scene", scene, 1, 1)
    speed = strips.new_effect("speed", "SPEED", 2, **length(1, 6), **{"input1" if VERSION >= (5, 0) else "seq1": strip})
    speed.speed_control, speed.speed_factor, speed.use_frame_interpolate = "MULTIPLY", 0.5, True
    bpy.context.window.scene = film


@scene_of
def marker_cameras():
    scene = moving(4)
    second = bpy.data.objects.new("Second", bpy.data.cameras.new("Second"))
    second.location, second.rotation_euler = (0, 9, 1), (-math.pi / 2, math.pi, 0)
    scene.collection.objects.link(second)
    for name, frame, camera in (("a", 1, scene.camera), ("b", 2, second), ("c", 4, scene.camera)):
        scene.timeline_markers.new(name, frame=frame).camera = camera


@scene_of
def several_scenes():
    scene = moving()
    other = setup(bpy.data.scenes.new("Another"))
    slide(thing(other, color=(0, 0, 1), at=(0, 0, 2)), values=((2, 0, 1), (-2, 0, 1)))
    other.frame_set(3)
    scene.background_set = other


@scene_of
def another_scene():
    scene = moving()
    scene.frame_set(3)
    second = setup(bpy.data.scenes.new("Second"))
    second.render.filepath = "//second/f_####"
    slide(thing(second, color=(0, 0, 1), at=(0, 0, 1)), values=((2, 0, 1), (-2, 0, 1)))
    bpy.context.window.scene = scene


@scene_of
def linked_scene_of_a_local_name():
    moving()
    library = os.path.join(FOLDER, CURRENT, "library.blend")
    bpy.ops.wm.save_as_mainfile(filepath=library)
    thing(fresh(), "uv_sphere", (0, 1, 0))
    with bpy.data.libraries.load(library, link=True) as (_, wanted):
        wanted.scenes = ["Scene"]
    bpy.data.libraries[0].filepath = "//library.blend"
    bpy.context.window.scene = next(each for each in bpy.data.scenes if each.library is not None)


@scene_of
def override_without_its_cloth():
    scene = in_motion()
    thing(scene, "grid", at=(0, 0, 2), x_subdivisions=6, y_subdivisions=6, size=3)
    bpy.ops.object.modifier_add(type="CLOTH")
    library = os.path.join(FOLDER, CURRENT, "library.blend")
    bpy.ops.wm.save_as_mainfile(filepath=library)
    scene = moving()
    with bpy.data.libraries.load(library, link=True) as (_, wanted):
        wanted.objects = ["Grid"]
    bpy.data.libraries[0].filepath = "//library.blend"
    override = next(each for each in bpy.data.objects if each.library is not None).override_create()
    override.modifiers[0].show_render = override.modifiers[0].show_viewport = False
    scene.collection.objects.link(override)


@scene_of
def view_layers():
    scene = moving()
    scene.view_layers[0].name = "First"
    second = bpy.data.collections.new("Second")
    scene.collection.children.link(second)
    made = thing(scene, "uv_sphere", (0, 1, 0), (0, 0, 1), segments=8, ring_count=4)
    scene.collection.objects.unlink(made)
    second.objects.link(made)
    scene.view_layers[0].layer_collection.children["Second"].exclude = True
    scene.view_layers.new("Other")
    off = scene.view_layers.new("Off")
    off.use = False
    tree, layers, end = compositor(scene)
    layers.layer = "Other"
    tree.links.new(layers.outputs[0], end.inputs[0])


@scene_of
def single_layer():
    multilayer()
    scene = bpy.context.scene
    scene.view_layers.new("Other")
    scene.render.use_single_layer = True


@scene_of
def freestyle():
    scene = moving()
    scene.render.use_freestyle = True
    scene.render.line_thickness = 3
    settings = scene.view_layers[0].freestyle_settings
    (settings.linesets.new("Lines") if len(settings.linesets) == 0 else settings.linesets[0]).linestyle = bpy.data.linestyles.new("Line")


@scene_of
def grease_pencil():
    scene = fresh(2)
    if VERSION >= (4, 3):
        bpy.ops.object.grease_pencil_add(type="MONKEY")
    else:
        bpy.ops.object.gpencil_add(type="MONKEY")
    slide(bpy.context.object, frames=(1, 2))


@scene_of
def text():
    scene = fresh()
    bpy.ops.object.text_add(rotation=(math.pi / 2, 0, 0), location=(-2, 0, -1))
    made = bpy.context.object
    made.data.body, made.data.size = "Ab&", 3
    made.data.materials.append(glow((1, 1, 0)))
    slide(made.data, "extrude", (0.0, 1.0))


@scene_of
def volume():
    scene = moving()
    material = bpy.data.objects["Cube"].data.materials[0]
    tree = material.node_tree
    tree.nodes.clear()
    absorb, output = tree.nodes.new("ShaderNodeVolumeAbsorption"), tree.nodes.new("ShaderNodeOutputMaterial")
    absorb.inputs["Density"].default_value = 2
    tree.links.new(absorb.outputs[0], output.inputs["Volume"])


@scene_of
def animated_samples():
    scene = moving(4)
    bpy.data.objects["Cube"].data.materials[0].node_tree.nodes.clear()
    for value, frame in ((1, 1), (8, 2), (1, 3), (3, 4)):
        scene.cycles.samples = value
        scene.cycles.keyframe_insert("samples", frame=frame)


@scene_of
def animated_world():
    scene = moving()
    slide(scene.world, "color", ((1, 0, 0), (0, 0, 1)))


@scene_of
def animated_world_nodes():
    scene = moving()
    scene.world.use_nodes = True
    value = scene.world.node_tree.nodes["Background"].inputs[0]
    for color, frame in (((1, 0, 0, 1), 1), ((0, 0, 1, 1), 3)):
        value.default_value = color
        value.keyframe_insert("default_value", frame=frame)


@scene_of
def animated_camera():
    scene = moving()
    slide(scene.camera.data, "lens", (20.0, 90.0))
    slide(scene.camera.data, "shift_x", (0.0, 0.2))


@scene_of
def animated_settings():
    scene = moving(4)
    for owner, name, values in ((scene.render, "film_transparent", (False, True)), (scene.view_settings, "exposure", (0.0, 2.0)), (scene.render, "dither_intensity", (0.0, 2.0)), (scene.cycles, "film_exposure", (1.0, 0.4)), (scene.cycles, "seed", (1, 9))):
        for value, frame in zip(values, (2, 3)):
            setattr(owner, name, value)
            owner.keyframe_insert(name, frame=frame)


@scene_of
def animated_visibility():
    scene = moving(4)
    made = thing(scene, color=(0, 0, 1), at=(0, 0, 1.5))
    for hidden, frame in ((True, 1), (False, 2), (True, 3)):
        made.hide_render = hidden
        made.keyframe_insert("hide_render", frame=frame)


@scene_of
def animated_material():
    scene = moving()
    value = next(node for node in bpy.data.objects["Cube"].data.materials[0].node_tree.nodes if node.type == "EMISSION").inputs[1]
    for strength, frame in ((0.2, 1), (1.0, 3)):
        value.default_value = strength
        value.keyframe_insert("default_value", frame=frame)


@scene_of
def motion_blur():
    scene = moving()
    scene.render.use_motion_blur = True
    scene.cycles.samples = 4


@scene_of
def motion_blur_that_ends():
    scene = fresh(4)
    scene.render.use_motion_blur, scene.render.motion_blur_shutter, scene.cycles.samples = True, 1, 4
    slide(thing(scene, size=1), frames=(1, 2))


@scene_of
def animated_shutter():
    scene = moving(4)
    scene.render.use_motion_blur, scene.cycles.samples = True, 8
    for shutter, frame in ((0.1, 1), (2.0, 3)):
        scene.render.motion_blur_shutter = shutter
        scene.render.keyframe_insert("motion_blur_shutter", frame=frame)


def displaced(made):
    """Waves whose shape depends on where in the world they are."""
    material = made.data.materials[0]
    nodes, links = material.node_tree.nodes, material.node_tree.links
    end = next(node for node in nodes if node.type == "OUTPUT_MATERIAL")
    place, waves, displacement = (nodes.new(f"ShaderNode{name}") for name in ("NewGeometry", "TexWave", "Displacement"))
    links.new(place.outputs["Position"], waves.inputs["Vector"])
    links.new(waves.outputs["Fac"], displacement.inputs["Height"])
    links.new(displacement.outputs[0], end.inputs["Displacement"])
    links.new(place.outputs["Normal"], next(node for node in nodes if node.type == "EMISSION").inputs[0])
    owner = material if hasattr(material, "displacement_method") else material.cycles
    owner.displacement_method = "DISPLACEMENT"


@scene_of
def displaced_by_place():
    scene = fresh()
    made = thing(scene, "grid", x_subdivisions=60, y_subdivisions=60, size=4)
    made.rotation_euler.x = 1
    displaced(made)
    slide(made, values=((-1, 0, 0), (1, 0, 0)))


@scene_of
def adaptive_subdivision():
    scene = fresh()
    made = thing(scene, "plane", size=4)
    made.rotation_euler.x = 1
    displaced(made)
    modifier = made.modifiers.new("Subdivision", "SUBSURF")
    modifier.subdivision_type = "SIMPLE"
    if VERSION < (5, 0):
        scene.cycles.feature_set = "EXPERIMENTAL"
    (modifier if VERSION >= (5, 0) else made.cycles).use_adaptive_subdivision = True
    slide(scene.camera, values=((0, -80, 0), (0, -5, 0)))


@scene_of
def hair_on_what_grows():
    hair()
    slide(bpy.data.objects["Cube"], "scale", ((0.5, 0.5, 0.5), (1.5, 1.5, 1.5)))


@scene_of
def sequence_without_refresh():
    image_sequence()
    next(node for node in bpy.data.objects["Cube"].data.materials[0].node_tree.nodes if node.type == "TEX_IMAGE").image_user.use_auto_refresh = False


@scene_of
def frame_step():
    scene = moving(7)
    scene.frame_step = 3


@scene_of
def negative_frames():
    scene = moving()
    scene.frame_start, scene.frame_end = -2, 1
    slide(bpy.data.objects["Cube"], frames=(-2, 1))


@scene_of
def filmic():
    scene = moving()
    scene.view_settings.view_transform = "Filmic"
    scene.view_settings.look = "High Contrast" if VERSION < (4, 0) else "None"
    scene.view_settings.gamma = 1.4


@scene_of
def raw_without_dither():
    scene = moving()
    scene.view_settings.view_transform = "Raw"
    scene.render.dither_intensity = 0
    scene.render.image_settings.color_mode = "BW"


@scene_of
def transparent():
    scene = moving()
    scene.render.film_transparent = True
    scene.render.image_settings.color_mode = "RGBA"


@scene_of
def jpeg():
    settings = moving().render.image_settings
    settings.file_format, settings.quality = "JPEG", 40


@scene_of
def deep_png():
    moving().render.image_settings.color_depth = "16"


@scene_of
def exr():
    settings = moving().render.image_settings
    settings.file_format, settings.color_depth, settings.exr_codec = "OPEN_EXR", "32", "ZIP"


@scene_of
def multilayer():
    scene = moving()
    if hasattr(scene.render.image_settings, "media_type"):
        scene.render.image_settings.media_type = "MULTI_LAYER_IMAGE"
    scene.render.image_settings.file_format = "OPEN_EXR_MULTILAYER"
    scene.render.image_settings.color_depth = "16"
    scene.view_layers[0].use_pass_z = True


@scene_of
def eevee():
    moving(2, engine="BLENDER_EEVEE")


@scene_of
def workbench():
    moving(2, engine="BLENDER_WORKBENCH")


@scene_of
def no_file_extension():
    moving().render.filepath = "//out/named_##.part"


@scene_of
def keeps_existing():
    render = moving().render
    render.use_overwrite, render.use_placeholder = False, True


CURRENT = ""
for function in SCENES:
    CURRENT = function.__name__
    os.makedirs(os.path.join(FOLDER, CURRENT))
    function()
    bpy.ops.wm.save_as_mainfile(filepath=os.path.join(FOLDER, CURRENT, f"{CURRENT}.blend"))
    print("made", CURRENT, flush=True)
