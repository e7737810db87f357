import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { joinAnswerSchema } from '../../shared/farm';
import { UserError, messageOf } from '../../shared/user-error';
import { makePrivateFolder } from '../data/private-files';
import { writeFileAtomically } from '../data/write-file-atomically';
import { VERSION } from '../version';
import { RefusedError, createFarmClient } from './farm-client';
import { isDropped, pinOf, provedCertificate } from './manager-trust';

/** What a machine keeps of having joined, in a file that only its user may read. */
const identitySchema = joinAnswerSchema.extend({
  /** Of the manager for machines. */
  url: z.string(),
  /** What the manager is known by, as `trustIn` takes it. */
  certificate: z.string().nullable(),
  /** SHA-256 of the token that it has joined with, in hex. */
  invitation: z.string().optional(),
});
export type Identity = z.infer<typeof identitySchema>;

/** What a person gives a machine to join a farm. */
export interface JoinOptions {
  /** Data folder of the machine. */
  readonly dataFolder: string;
  readonly url: string | undefined;
  readonly token: string | undefined;
  readonly name: string;
  /** What it has, as a job may need it; changed on the manager later. */
  readonly tags?: readonly string[];
  /** Tells that joining takes longer, as a sentence. */
  onState?(text: string): void;
}

/** How often a manager that drops the connection is asked, and the shortest pause between, in milliseconds. */
const MAX_ATTEMPTS = 10;
const RETRY_DELAY = 1_000;

/** Folder of everything that concerns the farm. */
export function farmFolder(dataFolder: string): string {
  return join(dataFolder, 'machine');
}

/** Whether a machine has joined a farm, to which it can come back. */
export function hasJoined(dataFolder: string): boolean {
  return existsSync(identityFile(dataFolder));
}

/** Forgets the farm: the machine needs a new invitation for any. */
export async function forgetFarm(dataFolder: string): Promise<void> {
  await rm(identityFile(dataFolder), { force: true });
}

function identityFile(dataFolder: string): string {
  return join(farmFolder(dataFolder), 'identity.json');
}

/**
 * The identity of this machine: the one that it has, perhaps at a new address of its manager, or that of a farm it joins
 * now, as with a token that it has not used.
 *
 * @throws UserError when it has none and can't join
 */
export async function identityOf({ dataFolder, url, token, name, tags = [], onState }: JoinOptions): Promise<Identity> {
  const file = identityFile(dataFolder);
  const kept = await readIdentity(file);
  const address = url === undefined ? undefined : managerAddress(url);
  // The token was used up then: the same command starts the machine again.
  const isUsed = token === undefined || kept?.invitation === hashOf(token);
  const mayBeUsed = isUsed || kept?.invitation === undefined;
  if (kept && (address === undefined || (address === kept.url && mayBeUsed))) return kept;
  if (kept && address !== undefined && isUsed) {
    return keep(dataFolder, await untilTaken(address, () => movedTo(kept, address), onState));
  }
  if (address === undefined || token === undefined)
    throw new UserError(
      'This machine has not joined a farm: give --join and --token, as “framegauge machines invite” prints them on the manager.',
      'arguments',
    );
  const { secret, pin } = readToken(token);
  let dropped = false;
  return untilTaken(
    address,
    async () => {
      const certificate = await provedCertificate(address, pin);
      const client = createFarmClient(address, certificate, null);
      try {
        const answer = await client.ask('POST', '/join', { secret, name, version: VERSION, tags }, joinAnswerSchema);
        return await keep(dataFolder, { ...answer, url: address, certificate, invitation: hashOf(token) });
      } catch (error) {
        if (error instanceof RefusedError)
          throw new UserError(
            dropped && error.status === 401
              ? `The manager at ${address} may have let this machine in, and its answer was lost: forget “${name}” there if it is listed as cut off, and invite again. (${error.message})`
              : error.message,
          );
        dropped = isDropped(error);
        throw error;
      } finally {
        client.close();
      }
    },
    onState,
  );
}

/**
 * Tries again for as long as the manager drops the connection: many machines that are switched on together ask for more
 * than it can answer in time.
 *
 * @throws what `attempt` throws, UserError when the manager drops every connection
 */
export async function untilTaken<T>(
  url: string,
  attempt: () => Promise<T>,
  onState: JoinOptions['onState'] = () => undefined,
): Promise<T> {
  for (let made = 1; ; made++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isDropped(error)) throw error;
      const what = `The manager at ${url} dropped the connection (${messageOf(error)})`;
      if (made === MAX_ATTEMPTS)
        throw new UserError(`${what} ${made} times: see there whether it is overloaded, and start this machine again.`);
      onState(`${what}: this machine tries again.`);
    }
    // Not all of them at once.
    await delay(RETRY_DELAY * (1 + Math.random()));
  }
}

/** The same farm at another address, which its manager's certificate proves. @throws UserError where another answers */
async function movedTo(identity: Identity, url: string): Promise<Identity> {
  await provedCertificate(url, pinOf(identity.certificate));
  return { ...identity, url };
}

async function keep(dataFolder: string, identity: Identity): Promise<Identity> {
  makePrivateFolder(farmFolder(dataFolder));
  await writeFileAtomically(identityFile(dataFolder), JSON.stringify(identity, null, 2));
  return identity;
}

function hashOf(token: string): string {
  return createHash('sha256').update(token.trim()).digest('hex');
}

async function readIdentity(file: string): Promise<Identity | null> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw new UserError(`${file} cannot be read (${error.message}): give yourself the right to read it.`);
  });
  if (text === null) return null;
  try {
    return identitySchema.parse(JSON.parse(text));
  } catch {
    throw new UserError(`${file} is damaged: delete it, and join again with a new invitation.`);
  }
}

function managerAddress(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url?.protocol !== 'https:')
    throw new UserError(
      `--join cannot be “${text}”: write the manager’s address, as https://manager:8790.`,
      'arguments',
    );
  return url.origin;
}

function readToken(token: string): { readonly secret: string; readonly pin: string } {
  const match = /^([\w-]{20,60})\.([\w-]{43}|public)$/.exec(token.trim());
  if (!match)
    throw new UserError(
      '--token is not whole: copy all of what “framegauge machines invite” prints on the manager.',
      'arguments',
    );
  return { secret: match[1]!, pin: match[2]! };
}
