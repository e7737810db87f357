"""What some version of Blender lacks must not cost the rest."""

import traceback


def attempt(function, otherwise, *arguments):
    """What a detail can't be had for, in some version of Blender, must not cost the rest."""
    try:
        return function(*arguments)
    except Exception:
        traceback.print_exc()
        return otherwise


def set_enum(holder, name, value):
    """Sets an enumeration; False where it doesn't have the value."""
    try:
        setattr(holder, name, value)
        return True
    except TypeError:
        return False
