"""The render operator, and what it evaluates."""

import bpy

# The operator is told the frames.
RANGE_OF_OPERATOR = "frame_start" in bpy.ops.render.render.get_rna_type().properties
# What is behind a scene while another is rendered must not be the first of a file's scenes, which scripts like to take.
NOTHING = "~ nothing"


class Stage:
    """Renders a scene as `blender -b FILE -a` does, frame by frame.

    The operator evaluates twice: what it renders, and afterwards what the window shows, though there is none. So the
    window gets an empty scene, and the context's scene is the rendered one only while handlers and drivers of the file
    may ask for it. The animation's range is the one frame only until the operator has taken it.
    """

    def __init__(self):
        self.scene = None
        self.override = None
        self.hushed = []
        persistent = bpy.app.handlers.persistent
        self.begins, self.ends = (
            persistent(lambda scene, *_: self.begin(scene)),
            persistent(lambda scene, *_: self.end(scene)),
        )

    def set(self, scene):
        """For the file that has been loaded."""
        self.scene, self.window, self.empty = scene, bpy.context.window, None
        # The operator would render the window's view layer alone; the command line ignores this.
        scene.render.use_single_layer = False
        self.view_layer = next((layer for layer in scene.view_layers if layer.use), scene.view_layers[0])
        # The operator takes the first scene of a name, where a linked and a local one share it.
        self.by_name = scene == next(each for each in bpy.data.scenes if each.name == scene.name)
        if self.window is None or not self.by_name or not hasattr(bpy.context, "temp_override"):
            return
        self.hush()
        try:
            if self.window.scene != scene:
                self.window.scene = scene
            self.view_layer = self.window.view_layer
            self.empty = bpy.data.scenes.new(NOTHING)
            self.window.scene = self.empty
        finally:
            self.let_speak()

    def render(self, frame, write=True):
        """@returns what the operator does"""
        scene = self.scene
        for each in {scene, self.empty or bpy.context.scene}:
            # The operator takes the frame of the context's scene.
            each.frame_current, each.frame_subframe = frame, 0.0
        if write and not is_animation(frame):
            # A still takes the settings of its scene that are keyed as the last evaluation left them.
            scene.frame_set(frame)
        self.range = None
        options = {"scene": scene.name} if self.by_name else {}
        if not (write and is_animation(frame)):
            options["write_still"] = write
        elif RANGE_OF_OPERATOR:
            options |= {"animation": True, "frame_start": frame, "frame_end": frame}
        else:
            options["animation"] = True
            self.range = (scene.frame_start, scene.frame_end)
            scene.frame_start = scene.frame_end = frame
            scene.frame_start = frame
        handlers = bpy.app.handlers
        if self.empty is not None:
            self.hush()
        handlers.render_init.insert(0, self.begins)
        for list_ in (handlers.render_complete, handlers.render_cancel):
            list_.append(self.ends)
        try:
            return bpy.ops.render.render(**options)
        finally:
            self.end(scene)
            self.let_speak()
            for list_, own in (
                (handlers.render_init, self.begins),
                (handlers.render_complete, self.ends),
                (handlers.render_cancel, self.ends),
            ):
                if own in list_:
                    list_.remove(own)

    def begin(self, scene):
        # Scenes in the sequencer begin, too.
        if scene != self.scene:
            return
        self.give_range_back()
        if self.empty is not None and self.override is None:
            self.let_speak()
            self.override = bpy.context.temp_override(scene=scene, view_layer=self.view_layer)
            self.override.__enter__()

    def end(self, scene):
        if scene != self.scene:
            return
        self.give_range_back()
        if self.override is None:
            return
        self.override.__exit__(None, None, None)
        self.override = None
        self.hush()

    def hush(self):
        """The empty scene is evaluated: nothing that the file's handlers should hear of."""
        handlers = bpy.app.handlers
        for list_ in (
            handlers.frame_change_pre,
            handlers.frame_change_post,
            handlers.depsgraph_update_pre,
            handlers.depsgraph_update_post,
        ):
            self.hushed.append((list_, list(list_)))
            list_.clear()

    def let_speak(self):
        for list_, known in self.hushed:
            list_[:] = known + [handler for handler in list_ if handler not in known]
        self.hushed = []

    def give_range_back(self):
        if self.range is not None:
            self.scene.frame_start, self.scene.frame_end = self.range
            self.range = None


def is_animation(frame):
    """Whether the operator can take a frame for an animation of one: a scene's own range has none below 0."""
    return RANGE_OF_OPERATOR or frame >= 0
