"""Keys and drivers."""


def curves_of(data):
    """Those of a data-block, in its action, its NLA strips and its drivers."""
    animation = getattr(data, "animation_data", None)
    if animation is None:
        return []
    curves = list(animation.drivers) + curves_in(animation.action, getattr(animation, "action_slot", None))
    for track in animation.nla_tracks:
        for strip in within(track.strips):
            curves += curves_in(strip.action, getattr(strip, "action_slot", None))
    return curves


def within(strips):
    """Strips, and those that meta strips hold."""
    return [inner for strip in strips for inner in (strip, *within(strip.strips))]


def curves_in(action, slot):
    """Since Blender 4.4 several data-blocks may share an action, each with a slot; before, and in 4.4, `fcurves` are of the first."""
    if action is None:
        return []
    layers = getattr(action, "layers", ())
    if len(layers) == 0:
        return list(getattr(action, "fcurves", ()))
    bags = [bag for layer in layers for strip in layer.strips for bag in strip.channelbags if bag.slot == slot]
    return [curve for bag in bags for curve in bag.fcurves]


def is_ever_on(data, owner, name):
    """Whether a switch somewhere in a data-block is on, or animation may switch it on."""
    if getattr(owner, name):
        return True
    curves = curves_of(data)
    return len(curves) > 0 and owner.path_from_id(name) in {curve.data_path for curve in curves}
