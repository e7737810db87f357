/** Longer names are truncated, in characters: file systems allow 255 bytes. */
const MAX_LENGTH = 60;
/** Devices of Windows, whatever follows the dot. */
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;

/**
 * Turns a scene's, camera's or animation's name into a folder name valid on every platform: it cannot lead to another
 * folder and is never {@link visible hidden}.
 */
export function folderNameOf(name: string): string {
  // eslint-disable-next-line no-control-regex
  const plain = [...name.replaceAll(/[<>:"/\\|?*\u0000-\u001F]/g, '_')]
    .slice(0, MAX_LENGTH)
    .join('')
    .replace(/[. ]+$/, '_');
  return plain === '' ? '_' : visible(plain.replace(RESERVED, '_$&'));
}

/**
 * Turns a file name into a folder name: neither “..”, which leads elsewhere, nor the name of a frame's temporary render
 * folder, which gets deleted. Both begin with a dot.
 */
export function visible(name: string): string {
  return name.replace(/^\./, '_');
}
