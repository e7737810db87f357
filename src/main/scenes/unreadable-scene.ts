import { NotAFileError } from '../data/open-regular-file';
import { UserError } from '../../shared/user-error';

/**
 * The error for a scene file that the system doesn't allow to be read; null for errors of another kind.
 *
 * @param wanted what to provide instead, such as `a .blend file`
 */
export function unreadableScene(error: unknown, path: string, wanted: string): UserError | null {
  if (error instanceof NotAFileError) return new UserError(`“${path}” is not a file: give ${wanted}.`);
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return new UserError(`There is no file “${path}”: check its name.`, 'not-found');
    case 'EACCES':
    case 'EPERM':
      return new UserError(`“${path}” may not be read: give yourself the right to read it.`);
    case undefined:
      return null;
    default:
      return new UserError(`“${path}” cannot be read (${code}): see whether its disk is in order.`);
  }
}
