/** What an add-on may have to be installed. Generous for code and its libraries, small for a disk. */
export const INSTALL_LIMITS = {
  /** Bytes of a .zip. */
  archiveBytes: 64 * 1024 ** 2,
  /** Bytes of all files together. */
  unpackedBytes: 256 * 1024 ** 2,
  /** Files and folders. */
  entries: 5_000,
  /** Bytes of one name: file systems take 255, and temporary files add to it. */
  nameBytes: 200,
  /** Bytes of a path inside the add-on: Windows takes 260 characters of a whole one without further ado. */
  pathBytes: 400,
  /** Parts of a path. */
  depth: 16,
  /** Unpacked bytes of a file per packed one. JavaScript reaches 20, deflate ends at 1,032. */
  ratio: 200,
  /** Smaller files may have any ratio. */
  ratioFrom: 1024 ** 2,
} as const;
export type InstallLimits = { readonly [Key in keyof typeof INSTALL_LIMITS]: number };

/** Left behind by systems and version control; not part of an add-on. */
const LITTER = /^(?:\.git|\.hg|\.svn|\.DS_Store|Thumbs\.db|desktop\.ini|__MACOSX|\._.*)$/i;

/** Whether a path is or lies in something that is not installed. */
export const isLitter = (path: string): boolean => path.split('/').some((part) => LITTER.test(part));

/** `64 MiB`, for sentences. */
export const inMebibytes = (bytes: number): string => `${Math.floor(bytes / 1024 ** 2)} MiB`;
