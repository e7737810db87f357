import { statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { UserError } from '../../shared/user-error';
import { describe, isVolumeFull } from '../data/system-error';

/** No file can be written to the folder for temporary files: no worker of any job can be started. */
export class TemporaryFolderError extends UserError {
  /** @param error of the file system */
  constructor(folder: string, error: unknown) {
    super(
      `The folder for temporary files (TMPDIR) ${folder} cannot be written to (${describe(error)}): free space there, or name another folder in TMPDIR.`,
    );
  }
}

/** Does something with files in the temporary folder. @throws TemporaryFolderError for any error */
export async function inTemporaryFolder<T>(folder: string, work: () => Promise<T> | T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new TemporaryFolderError(folder, error);
  }
}

/**
 * Tells whether the temporary folder kept a program from starting that writes there itself.
 *
 * @param error that the start failed with
 * @returns null for any other cause
 */
export async function temporaryFolderFailure(
  error: unknown,
  folder: string = tmpdir(),
): Promise<TemporaryFolderError | null> {
  const { code, message } = (error ?? {}) as NodeJS.ErrnoException;
  if (code !== undefined && message?.includes(`mkdtemp '${folder}`)) return new TemporaryFolderError(folder, error);
  try {
    return isVolumeFull(await statfs(folder)) ? new TemporaryFolderError(folder, { code: 'ENOSPC' }) : null;
  } catch (missing) {
    return new TemporaryFolderError(folder, missing);
  }
}
