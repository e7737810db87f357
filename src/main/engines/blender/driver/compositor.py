"""The nodes of a scene's compositor."""


def compositor_of(scene):
    if not scene.render.use_compositing:
        return None
    if hasattr(scene, "compositing_node_group"):
        return scene.compositing_node_group
    return scene.node_tree if scene.use_nodes else None


def trees_within(tree, found):
    """A tree of nodes, and those of the groups in it."""
    if tree is not None and tree not in found:
        found.append(tree)
        for node in tree.nodes:
            if node.bl_idname == "CompositorNodeGroup" and not node.mute:
                trees_within(node.node_tree, found)
    return found


def composited_scenes(scene):
    """The scenes whose render layers its compositor takes."""
    return [
        node.scene
        for tree in trees_within(compositor_of(scene), [])
        for node in tree.nodes
        if node.bl_idname == "CompositorNodeRLayers" and not node.mute
    ]
