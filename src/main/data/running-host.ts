import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UserError } from '../../shared/user-error';
import { type RunningHost, announcedHost, announcementOf } from './announced-host';
import { lockDataFolder } from './data-lock';
import { readRegularFile } from './open-regular-file';
import { writeFileAtomically } from './write-file-atomically';

/** Maximum time from locking a data folder to being reachable, in milliseconds. */
const START_LIMIT = 10_000;

export async function announceHost(dataFolder: string, host: RunningHost): Promise<void> {
  await writeFileAtomically(announcementOf(dataFolder), `${JSON.stringify(host)}\n`);
}

export async function withdrawHost(dataFolder: string): Promise<void> {
  await rm(announcementOf(dataFolder), { force: true });
}

/**
 * Finds the host running on a data folder.
 *
 * @returns null when there is none
 * @throws UserError when there is one that can't be reached
 */
export async function findRunningHost(dataFolder: string): Promise<RunningHost | null> {
  const deadline = performance.now() + START_LIMIT;
  for (;;) {
    const unlock = lockDataFolder(dataFolder);
    if (unlock) {
      unlock();
      return null;
    }
    const announced = announcedHost(dataFolder);
    if (announced) return announced;
    if (performance.now() > deadline)
      throw new UserError(
        `Another Framegauge uses the data folder ${dataFolder} but cannot be reached: end it, or name another folder with --data.`,
      );
    await delay(50);
  }
}

/**
 * The tokens of a host: `FRAMEGAUGE_TOKEN` for full control and `FRAMEGAUGE_READ_TOKEN` for read-only access; defaults
 * are created once and stored in the data folder, so that bookmarks keep working.
 *
 * @throws UserError when both are equal, or one can't be transmitted
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

/** Minimum length of a token chosen by the user: it grants full access. */
const LEAST_CHARACTERS = 16;
const MOST_CHARACTERS = 512;
/** In bytes, with room for line ends. */
const MAX_TOKEN_FILE = 4_096;

async function tokenFrom(env: NodeJS.ProcessEnv, variable: string, file: string): Promise<string> {
  const given = env[variable];
  if (given) return checkedToken(given, variable);
  const kept = String(
    await readRegularFile(file, MAX_TOKEN_FILE).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return '';
      throw error;
    }),
  ).trim();
  if (kept !== '') return checkedToken(kept, `The token in ${file}`);
  const token = randomBytes(24).toString('base64url');
  await writeFileAtomically(file, `${token}\n`);
  return token;
}

/** @throws UserError when it can't be transmitted, or is too easy to guess */
function checkedToken(token: string, what: string): string {
  // Browsers send it as a WebSocket subprotocol name, which allows no other characters.
  if (!/^[\w.~-]+$/.test(token))
    throw new UserError(
      `${what} has characters that a token cannot have: use letters, digits, “-”, “_”, “.” and “~”.`,
      'arguments',
    );
  if (token.length < LEAST_CHARACTERS)
    throw new UserError(
      `${what} has ${token.length} characters and could be guessed: a token has at least ${LEAST_CHARACTERS}.`,
      'arguments',
    );
  if (token.length > MOST_CHARACTERS)
    throw new UserError(`${what} has ${token.length} characters: a token has at most ${MOST_CHARACTERS}.`, 'arguments');
  return token;
}
