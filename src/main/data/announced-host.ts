import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isAlive } from '../processes/is-alive';
import { isOurs } from './private-files';

/** How to reach a host on a data folder; stored in `host.json` in the folder, readable by its owner only. */
const runningHostSchema = z.object({ pid: z.int().min(1), url: z.string(), token: z.string() });
export type RunningHost = z.infer<typeof runningHostSchema>;

export const announcementOf = (dataFolder: string): string => join(dataFolder, 'host.json');

/**
 * The announcement of a host on a data folder, if its process is alive; null for none, and if it was written by another
 * user.
 */
export function announcedHost(dataFolder: string): RunningHost | null {
  let descriptor: number | null = null;
  try {
    descriptor = openSync(
      announcementOf(dataFolder),
      constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0),
    );
    const found = fstatSync(descriptor);
    if (!found.isFile() || !isOurs(found) || found.size > 10_000) return null;
    const host = runningHostSchema.parse(JSON.parse(readFileSync(descriptor, 'utf8')));
    return isAlive(host.pid) ? host : null;
  } catch {
    return null;
  } finally {
    if (descriptor !== null) closeSync(descriptor);
  }
}
