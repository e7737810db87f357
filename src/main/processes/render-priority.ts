import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';

/** Of processes that render, as nice(1) counts: 0 is usual, 19 takes only what nobody else wants. */
const RENDER_NICENESS = 10;

/**
 * Lets the host and whoever works at this machine go first: rendering takes every core that it can get. The whole process group is meant (setpriority(2), PRIO_PGRP), threads included; what is
 * started later inherits it. Linux schedules sessions as wholes (sched(7), autogroup), so there the session's own niceness counts beside it. Where it can't be done, rendering works all the same.
 *
 * @param group id of the group and of its first process
 */
export async function lowerPriority(group: number): Promise<void> {
  if (process.platform === 'win32') return;
  if (process.platform === 'linux')
    await writeFile(`/proc/${group}/autogroup`, String(RENDER_NICENESS)).catch(() => undefined);
  await new Promise<void>((resolve) => {
    execFile('renice', ['-n', String(RENDER_NICENESS), '-g', String(group)], () => resolve());
  });
}
