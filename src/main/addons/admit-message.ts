/**
 * Maximum characters of a string in a message. Add-on processes truncate to far less before sending; no honest process
 * sends more.
 */
const MAX_TEXT = 20_000;
/** Maximum entries of a list and fields of an object: the longest honest list has one entry per lifecycle event. */
const MAX_ENTRIES = 100;
const MAX_DEPTH = 6;
/**
 * Maximum values in total: an object referenced several times is sent once, so a few bytes can encode nested lists of a
 * hundred entries each.
 */
const MAX_VALUES = 10_000;
/** Maximum size of packed metrics, in bytes. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Whether a message from an add-on's process is small and plain enough to be validated. It may contain every type that
 * structured cloning supports, such as a list of four billion entries in a few bytes: validating one would block the
 * host.
 */
export function isWithinLimits(value: unknown): boolean {
  return isPlain(value, 0, { values: MAX_VALUES });
}

function isPlain(value: unknown, depth: number, left: { values: number }): boolean {
  if (--left.values < 0) return false;
  switch (typeof value) {
    case 'string':
      return value.length <= MAX_TEXT;
    case 'number':
    case 'boolean':
    case 'undefined':
      return true;
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null) return true;
  if (value instanceof Uint8Array) return value.byteLength <= MAX_BYTES;
  if (depth === MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    if (value.length > MAX_ENTRIES) return false;
    return value.every((entry) => isPlain(entry, depth + 1, left));
  }
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  let fields = 0;
  for (const key in value) {
    if (
      ++fields > MAX_ENTRIES ||
      key.length > MAX_TEXT ||
      !isPlain((value as Record<string, unknown>)[key], depth + 1, left)
    )
      return false;
  }
  return true;
}
