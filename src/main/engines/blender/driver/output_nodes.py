"""The compositor’s File Output nodes."""

import os

import bpy

from .paths import native

# Paths may hold names in braces.
TEMPLATES = bpy.app.version >= (5, 0)


class OutputNode:
    """A File Output node of the compositor, which writes files beside the frame's image."""

    def __init__(self, node, number):
        self.node = node
        self.number = number
        # Blender 5 tells folder and file name apart; before, with layers, the path names the file itself.
        self.split = hasattr(node, "directory")
        self.root, self.within = root_of(node.directory if self.split else node.base_path)
        slots = (
            [item.name for item in node.file_output_items] + [node.file_name]
            if self.split
            else [slot.path for slot in node.file_slots]
        )
        # They may lead out of their folder; so many levels that they stay within ours.
        self.depth = sum(path.count("..") for path in [self.within]) + max(
            (path.count("..") for path in slots), default=0
        )

    def redirect(self, folder):
        """
        Has it write below a folder of ours as it would below its own root, so that Blender itself expands what stands
        in its path.
        """
        self.top = os.path.join(folder, f"node-{self.number}")
        self.base = os.path.join(self.top, *(["x"] * self.depth))
        path = os.path.join(literal(self.base), self.within)
        if self.split:
            self.node.directory = path
        else:
            self.node.base_path = path

    def files(self):
        """What it has written, and where that belongs."""
        written = []
        for base, _, names in os.walk(self.top):
            for name in sorted(names):
                path = os.path.join(base, name)
                written.append(
                    {"path": path, "file": os.path.normpath(os.path.join(self.root, os.path.relpath(path, self.base)))}
                )
        return written


def root_of(path):
    """A folder, and a path from there that leads where `path` does: what it is relative to, or the top of the disk."""
    folder = os.path.dirname(bpy.data.filepath)
    # Nobody may hide an absolute path behind a name.
    path = native(path.replace("{blend_dir}", literal(folder)) if TEMPLATES else path)
    if path.startswith("//"):
        return folder, path[2:].lstrip("/\\")
    if not os.path.isabs(path):
        return folder, path
    drive, rest = os.path.splitdrive(path)
    return drive + os.sep, rest.lstrip("/\\")


def literal(path):
    """A path as it stands, for a Blender that takes what is in braces for a name."""
    return path.replace("{", "{{").replace("}", "}}") if TEMPLATES else path


def output_nodes():
    trees = [tree for tree in bpy.data.node_groups if tree.bl_idname == "CompositorNodeTree"]
    for scene in bpy.data.scenes:
        tree = getattr(scene, "compositing_node_group", None) or (
            getattr(scene, "node_tree", None) if getattr(scene, "use_nodes", False) else None
        )
        if tree is not None and tree not in trees:
            trees.append(tree)
    nodes = [node for tree in trees for node in tree.nodes if node.bl_idname == "CompositorNodeOutputFile"]
    return [OutputNode(node, number) for number, node in enumerate(nodes, 1)]
