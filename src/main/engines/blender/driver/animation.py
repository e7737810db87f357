"""Keys and drivers."""


def curves_of(data):
    """Those of a data-block, in its action, its NLA strips and its drivers."""
    animation = getattr(data, "animation_data", None)
    if animation is None:
        return []
    curves = list(animation.drivers)
    for action in (animation.action, *(strip.action for track in animation.nla_tracks for strip in track.strips)):
        if action is not None and hasattr(action, "fcurves"):
            curves += action.fcurves
        elif action is not None:
            # Blender 5.
            for layer in action.layers:
                curves += [curve for strip in layer.strips for bag in strip.channelbags for curve in bag.fcurves]
    return curves


def is_ever_on(data, owner, name):
    """Whether a switch somewhere in a data-block is on, or animation may switch it on."""
    if getattr(owner, name):
        return True
    curves = curves_of(data)
    return len(curves) > 0 and owner.path_from_id(name) in {curve.data_path for curve in curves}
