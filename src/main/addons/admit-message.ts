/**
 * Maximum characters of a string in a message. Add-on processes truncate to far less before sending; no honest process
 * sends more.
 */
const MAX_STRING = 20_000;
/** Maximum entries of a list and fields of an object: the longest honest list has one entry per lifecycle event. */
const MAX_ENTRIES = 100;
const MAX_DEPTH = 6;
/** Maximum values in total. */
const MAX_VALUES = 10_000;

/** Extent of a message's JSON with its envelope; read before it is parsed, it counts somewhat more than there is. */
export const MAX_EXTENT = { values: 4 * MAX_VALUES, depth: MAX_DEPTH + 4 };
/** Maximum length of a message's JSON, in bytes. */
export const MAX_TEXT = 1024 * 1024;
/** Maximum length of a message, whose bytes are packed metrics for instance. */
export const MAX_MESSAGE = 33 * 1024 * 1024;

/** Whether a message from an add-on's process, read from JSON, is small and shallow enough to be validated. */
export function isWithinLimits(value: unknown): boolean {
  return isSmall(value, 0, { values: MAX_VALUES });
}

function isSmall(value: unknown, depth: number, left: { values: number }): boolean {
  if (--left.values < 0) return false;
  if (typeof value === 'string') return value.length <= MAX_STRING;
  if (typeof value !== 'object' || value === null) return true;
  if (depth === MAX_DEPTH) return false;
  if (Array.isArray(value)) {
    return value.length <= MAX_ENTRIES && value.every((entry) => isSmall(entry, depth + 1, left));
  }
  let fields = 0;
  for (const key in value) {
    if (
      ++fields > MAX_ENTRIES ||
      key.length > MAX_STRING ||
      !isSmall((value as Record<string, unknown>)[key], depth + 1, left)
    )
      return false;
  }
  return true;
}
