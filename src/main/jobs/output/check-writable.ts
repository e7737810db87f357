import { randomUUID } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError } from '../../../shared/user-error';
import { makeFolder } from '../../data/make-folder';
import { describe } from '../../data/system-error';

/** Checks that images can be written to a folder, before a job is added. @throws UserError */
export async function checkWritable(folder: string): Promise<void> {
  // The name is unpredictable and must not exist: others may write to the folder, and could place a link there that
  // points to one of this user's files.
  const probe = join(folder, `.framegauge-${randomUUID()}.tmp`);
  try {
    await makeFolder(folder);
    const handle = await open(probe, 'wx');
    await handle.close();
    await rm(probe);
  } catch (error) {
    throw new UserError(
      `The output folder ${folder} cannot be written to (${describe(error)}): choose another output.`,
    );
  }
}
