import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { childEnvironment } from './child-environment';

/** Niceness of render processes, as in nice(1): 0 is normal, 19 is the lowest priority. */
const RENDER_NICENESS = 10;
/**
 * Niceness of a render's session. A session's share of a processor is divided by the number of processors that it keeps
 * busy, and a render keeps all of them busy: with 10, an add-on of niceness 19 got a fifth of one of two processors.
 */
const SESSION_NICENESS = 5;

/**
 * Gives the host and the user's programs priority over rendering, which uses every core it gets. Applies to the whole
 * process group (setpriority(2), PRIO_PGRP) including threads; processes started later inherit it. Linux schedules
 * sessions as a whole (sched(7), autogroup), so the session's niceness is set, too. Failures are ignored: rendering
 * works all the same.
 *
 * @param group id of the group and of its first process
 */
export async function lowerPriority(group: number): Promise<void> {
  if (process.platform === 'win32') return;
  if (process.platform === 'linux')
    await writeFile(`/proc/${group}/autogroup`, String(SESSION_NICENESS)).catch(() => undefined);
  await new Promise<void>((resolve) => {
    execFile('renice', ['-n', String(RENDER_NICENESS), '-g', String(group)], { env: childEnvironment() }, () =>
      resolve(),
    );
  });
}
