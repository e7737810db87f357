"""Which simulations of an opened .blend nobody baked."""

import os

import bpy

from .animation import is_ever_on
from .compositor import composited_scenes
from .paths import absolute
from .sequencer import rendered_scenes
from .versions import attempt

# More are not told one by one.
MOST_PHYSICS = 50


def unbaked_physics(scene):
    """
    What a scene simulates while it is rendered: each frame goes on from the one before. Baked simulations are read from
    their caches instead.
    """
    found = []

    def add(kind, name):
        entry = {"kind": kind, "name": name}
        if entry not in found and len(found) < MOST_PHYSICS:
            found.append(entry)

    scenes = scenes_within(scene)
    for each in scenes:
        world = each.rigidbody_world
        if (
            world is not None
            and is_ever_on(each, world, "enabled")
            and world.collection is not None
            and len(world.collection.objects) > 0
            and not is_baked(world.point_cache)
        ):
            add("rigid bodies", each.name)
    for thing in objects_within(scenes):
        for modifier in thing.modifiers:
            kind = simulation_of(thing, modifier) if is_ever_on(thing, modifier, "show_render") else None
            if kind is not None:
                add(kind, thing.name)
    return found


def is_baked(cache):
    return cache is not None and (cache.is_baked or cache.use_external)


def simulation_of(thing, modifier):
    """The kind of simulation that a modifier computes anew from frame to frame; None where it computes none."""
    if modifier.type in {"CLOTH", "SOFT_BODY"}:
        return None if is_baked(modifier.point_cache) else {"CLOTH": "cloth", "SOFT_BODY": "soft body"}[modifier.type]
    if modifier.type == "PARTICLE_SYSTEM":
        system = modifier.particle_system
        settings = system.settings
        moves = system.use_hair_dynamics if settings.type == "HAIR" else settings.physics_type not in {"NO", "KEYED"}
        return "particles" if moves and not is_baked(system.point_cache) else None
    if modifier.type == "DYNAMIC_PAINT":
        canvas = modifier.canvas_settings
        surfaces = canvas.canvas_surfaces if canvas is not None else ()
        return (
            "dynamic paint"
            if any(
                is_ever_on(thing, surface, "is_active")
                and surface.surface_format == "VERTEX"
                and not is_baked(surface.point_cache)
                for surface in surfaces
            )
            else None
        )
    if modifier.type == "FLUID":
        domain = modifier.domain_settings if modifier.fluid_type == "DOMAIN" else None
        return "fluid" if domain is not None and domain.cache_type == "REPLAY" else None
    if modifier.type == "NODES":
        return "simulation nodes" if simulates(modifier.node_group, set()) and not nodes_baked(modifier) else None
    return None


def simulates(tree, seen):
    if tree is None or tree in seen:
        return False
    seen.add(tree)
    return any(
        node.bl_idname == "GeometryNodeSimulationOutput"
        or (node.bl_idname == "GeometryNodeGroup" and simulates(node.node_tree, seen))
        for node in tree.nodes
    )


def nodes_baked(modifier):
    """
    Whether all that it simulates lies on the disk. What is packed into the .blend can't be told from what was never
    baked.
    """
    bakes = getattr(modifier, "bakes", None)
    folders = (
        [bake.directory for bake in bakes]
        if bakes is not None
        else [getattr(modifier, "simulation_bake_directory", "")]
    )
    return len(folders) > 0 and all(
        folder != "" and os.path.isdir(os.path.join(absolute(folder), "meta")) for folder in folders
    )


def scenes_within(scene):
    """A scene, those that its sequencer or its compositor shows, and those behind any of them."""
    scenes = []
    waiting = rendered_scenes(scene)
    # Of scenes that a compositor takes, the own compositors do not run.
    for each in list(waiting):
        waiting += attempt(composited_scenes, [], each)
    for each in waiting:
        if each is not None and each not in scenes:
            scenes.append(each)
            waiting.append(each.background_set)
    return scenes


def objects_within(scenes):
    """The objects of scenes, and those with physics elsewhere that any of them shows, instanced or by geometry nodes."""
    objects = set().union(*(scene.objects for scene in scenes))
    elsewhere = [
        thing
        for thing in bpy.data.objects
        if thing not in objects and any(simulation_of(thing, modifier) for modifier in thing.modifiers)
    ]
    # Who uses what is looked up in the whole file: most have nothing to look for.
    if elsewhere:
        drawn = drawn_by(scenes)
        objects.update(thing for thing in elsewhere if thing in drawn)
    return sorted(objects, key=lambda thing: thing.name)


def drawn_by(scenes):
    """What scenes use, through whatever, but themselves and compositors."""
    used = {}
    for data, users in bpy.data.user_map().items():
        for user in users:
            # What a library override is made from is not drawn with it.
            override = user.override_library
            if override is None or override.reference != data:
                used.setdefault(user, []).append(data)
    drawn = set()
    waiting = list(scenes)
    while waiting:
        for data in used.get(waiting.pop(), ()):
            if data in drawn or isinstance(data, bpy.types.Scene) or data.bl_rna.identifier == "CompositorNodeTree":
                continue
            drawn.add(data)
            waiting.append(data)
    return drawn


def trees_of(drawn):
    """The node trees of what is drawn."""
    trees = (data if isinstance(data, bpy.types.NodeTree) else getattr(data, "node_tree", None) for data in drawn)
    return [tree for tree in trees if tree is not None]
