/**
 * Values of a file that scripts/neutral-room.mjs made: differences from the value before, first their low bytes, then
 * their high ones.
 *
 * @param bytes unpacked by gunzip
 * @returns half floats of the levels of a cube, level after level, each with six faces
 */
export function unpackRoom(bytes: Uint8Array): Uint16Array {
  const values = new Uint16Array(bytes.length / 2);
  let value = 0;
  for (let at = 0; at < values.length; at++) {
    value += bytes[at]! + (bytes[values.length + at]! << 8);
    values[at] = value;
  }
  return values;
}
