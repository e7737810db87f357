"""The first bytes of a .blend."""

import bpy

from .failure import Failure


def check_header(head):
    """Tells what is no .blend at all from one that is damaged: Blender's own words don't."""
    GZIP, ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
    if head.startswith((GZIP, ZSTD)):
        return
    if not head.startswith(b"BLENDER"):
        raise Failure("not-a-blend", "it is empty" if head == b"" else "")
    # Since Blender 5: `BLENDER17-01v0500`; before: `BLENDER-v304`.
    digits = head[13:17] if head[7:8].isdigit() else head[9:12]
    if not digits.isdigit():
        raise Failure("not-a-blend")
    version = (int(digits) // 100, int(digits) % 100)
    if version > tuple(bpy.app.version[:2]):
        raise Failure("newer", ".".join(map(str, version)))
