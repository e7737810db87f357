import { shortened } from '../../../shared/shortened';
import { INSTALL_LIMITS } from './install-limits';

/** Why an archive or folder cannot be installed: a clause without a full stop, such as “it has 5,000 files, …”. */
export class RefusedContent extends Error {
  override readonly name = 'RefusedContent';
}

/** The names of one archive or folder, checked one after another. */
export interface EntryNames {
  /**
   * @param path relative, with `/` between its parts and none at its end
   * @throws RefusedContent when it cannot be a file of this kind on every platform, or is there already
   */
  admit(path: string, kind: 'file' | 'folder'): void;
}

/** Characters that Windows allows in no name, and the separators of other platforms. */
const NOT_PORTABLE = /[\\:*?"<>|]/;
/** Control characters, and those that change the direction of the text around them. */
const NOT_VISIBLE = /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufffd]/u;
/**
 * Names of devices on Windows, with any extension and with spaces before it
 * (https://learn.microsoft.com/windows/win32/fileio/naming-a-file#naming-conventions).
 */
const DEVICE = /^(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[\d¹²³])(?: *(?:\.|$))/i;

export function createEntryNames(): EntryNames {
  /** By a form in which names are equal that some file system takes for one. */
  const known = new Map<string, { readonly path: string; readonly kind: 'file' | 'folder'; explicit: boolean }>();

  function add(path: string, kind: 'file' | 'folder', explicit: boolean): void {
    const key = folded(path);
    const other = known.get(key);
    if (!other) {
      known.set(key, { path, kind, explicit });
      return;
    }
    if (other.path !== path)
      throw new RefusedContent(
        `“${shortened(other.path)}” and “${shortened(path)}” differ in case or in the form of a letter only, and would be one file on some machines`,
      );
    if (other.kind !== kind) throw new RefusedContent(`“${shortened(path)}” is a file and a folder at once`);
    if (explicit && other.explicit) throw new RefusedContent(`“${shortened(path)}” is in it twice`);
    other.explicit ||= explicit;
  }

  return {
    admit(path, kind) {
      const parts = path.split('/');
      const problem = problemOf(path, parts);
      if (problem !== null) throw new RefusedContent(problem);
      for (let depth = 1; depth < parts.length; depth++) add(parts.slice(0, depth).join('/'), 'folder', false);
      add(path, kind, true);
    },
  };
}

function problemOf(path: string, parts: readonly string[]): string | null {
  const shown = `“${shortened(path)}”`;
  if (path === '') return 'it has a file without a name';
  if (path.startsWith('/') || /^[a-z]:/i.test(path)) return `${shown} is an absolute path`;
  if (parts.includes('..')) return `${shown} leads out of its folder`;
  if (parts.length > INSTALL_LIMITS.depth)
    return `${shown} lies in ${parts.length - 1} folders, and at most ${INSTALL_LIMITS.depth - 1} are possible`;
  if (Buffer.byteLength(path) > INSTALL_LIMITS.pathBytes)
    return `the path ${shown} has more than ${INSTALL_LIMITS.pathBytes} bytes`;
  for (const part of parts) {
    if (part === '' || part === '.') return `${shown} is not a proper path`;
    if (Buffer.byteLength(part) > INSTALL_LIMITS.nameBytes)
      return `the name ${shown} has more than ${INSTALL_LIMITS.nameBytes} bytes`;
    if (NOT_VISIBLE.test(part)) return `the name ${shown} has characters that cannot be shown`;
    if (NOT_PORTABLE.test(part)) return `the name ${shown} has a character that some machines don’t allow`;
    if (/[. ]$/.test(part)) return `the name ${shown} ends with a dot or a space, which Windows takes away`;
    if (DEVICE.test(part)) return `the name ${shown} is one of a device on Windows`;
  }
  return null;
}

/** macOS folds case and decomposes letters, Windows folds case; compatibility forms cost nothing more. */
function folded(path: string): string {
  return path.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}
