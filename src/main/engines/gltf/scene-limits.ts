/**
 * Limits for a glTF. With Node 20 on two busy cores, JSON with 5 million values is read in 9 s and 0.5 GB, and 256 MB
 * of data inside the JSON in 3 s and 1.1 GB, all in the reading thread; without limits, 64 MB of `{}` in `extras` took
 * 34 s and 2.2 GB.
 */
export const SCENE_LIMITS = {
  /** Bytes of JSON. */
  json: 256 * 1024 ** 2,
  /** Values in the JSON: numbers, strings, lists and objects. */
  values: 5_000_000,
  /** Nesting depth of lists and objects. */
  depth: 512,
  /** Depth of the node hierarchy: the page traverses it recursively. */
  nodeDepth: 2_000,
  /** Total number of cameras, animations and scenes: their names are sent to every window. */
  names: 50_000,
  /** Length of such a name in characters. */
  nameLength: 1_000,
  /** Total length of these names and of file references, in characters. */
  text: 4_000_000,
  /** Number of files one scene refers to. */
  files: 10_000,
  /** Number of chunks in a binary file. */
  chunks: 1_000,
  /** Bytes of zeros represented by accessors without data. */
  zeros: 1024 ** 3,
  /** Total length of the names of animations that animate the same properties, in pairs. */
  overlaps: 100_000,
  /** Added to the total for each pair. */
  overlapCost: 20,
  /** Number of warnings. */
  warnings: 20,
  /** Total time in milliseconds. */
  time: 60_000,
  /** Heap limit of the thread, in megabytes. */
  memory: 1_536,
} as const;
