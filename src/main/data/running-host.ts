import { randomBytes } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { UserError } from '../../shared/user-error';
import { lockDataFolder } from './data-lock';
import { writeFileAtomically } from './write-file-atomically';

/** How a host on a data folder can be reached; kept in `host.json` beside its data, readable by its owner only. */
const runningHostSchema = z.object({ pid: z.int(), url: z.string(), token: z.string() });
export type RunningHost = z.infer<typeof runningHostSchema>;

/** How long a host may take from locking its data folder to being reachable, in milliseconds. */
const START_LIMIT = 10_000;

const fileOf = (dataFolder: string): string => join(dataFolder, 'host.json');

export async function announceHost(dataFolder: string, host: RunningHost): Promise<void> {
  await writeFileAtomically(fileOf(dataFolder), `${JSON.stringify(host)}\n`, 0o600);
}

export async function withdrawHost(dataFolder: string): Promise<void> {
  await rm(fileOf(dataFolder), { force: true });
}

/**
 * Finds the host that runs on a data folder.
 *
 * @returns null when there is none
 * @throws UserError when there is one that can't be reached
 */
export async function findRunningHost(dataFolder: string): Promise<RunningHost | null> {
  const deadline = Date.now() + START_LIMIT;
  for (;;) {
    const unlock = lockDataFolder(dataFolder);
    if (unlock) {
      unlock();
      return null;
    }
    const announced = await readAnnounced(dataFolder);
    if (announced && isAlive(announced.pid)) return announced;
    if (Date.now() > deadline)
      throw new UserError(
        `Another Framegauge uses the data folder ${dataFolder} but cannot be reached: end it, or name another folder with --data.`,
      );
    await delay(50);
  }
}

async function readAnnounced(dataFolder: string): Promise<RunningHost | null> {
  try {
    return runningHostSchema.parse(JSON.parse(await readFile(fileOf(dataFolder), 'utf8')));
  } catch {
    return null;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * The tokens of a host: `FRAMEGAUGE_TOKEN` for control and `FRAMEGAUGE_READ_TOKEN` for those who may only look, else ones that are made once and kept in the data folder, so that bookmarks go on working.
 *
 * @throws UserError when one of them could not be told from the other, or could not be sent
 */
export async function accessTokens(
  dataFolder: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ control: string; read: string }> {
  const [control, read] = await Promise.all([
    tokenFrom(env, 'FRAMEGAUGE_TOKEN', join(dataFolder, 'control-token')),
    tokenFrom(env, 'FRAMEGAUGE_READ_TOKEN', join(dataFolder, 'read-token')),
  ]);
  if (control === read)
    throw new UserError(
      'FRAMEGAUGE_TOKEN and FRAMEGAUGE_READ_TOKEN are the same: whoever may only look could do everything. Choose another for one of them.',
      'arguments',
    );
  return { control, read };
}

async function tokenFrom(env: NodeJS.ProcessEnv, variable: string, file: string): Promise<string> {
  const given = env[variable];
  if (given) {
    // Browsers send it as the name of a WebSocket's protocol, where other characters cannot stand.
    if (!/^[\w.~-]+$/.test(given))
      throw new UserError(
        `${variable} has characters that a token cannot have: use letters, digits, “-”, “_”, “.” and “~”.`,
        'arguments',
      );
    return given;
  }
  const kept = await readFile(file, 'utf8').catch(() => '');
  if (/^[\w-]{32,}$/.test(kept.trim())) return kept.trim();
  const token = randomBytes(24).toString('base64url');
  await writeFileAtomically(file, `${token}\n`, 0o600);
  return token;
}
