import { createHmac, randomBytes } from 'node:crypto';
import { compare } from 'bcryptjs';

/** Checks running and queued; further ones are refused, since each takes a good part of a second. */
const MAX_WAITING = 16;
/** Wrong passwords remembered, so that a scraper with an outdated one doesn't cost a bcrypt each time. */
const MAX_WRONG = 100;
const MAX_RIGHT = 256;

/** `busy`: too many unknown passwords are being checked already. */
export type Verdict = 'right' | 'wrong' | 'busy';

/** Verifies passwords of basic authentication. */
export interface PasswordCheck {
  /** Answers synchronously for what was verified before, else with a promise. */
  check(users: ReadonlyMap<string, string>, user: string, password: string): Verdict | Promise<Verdict>;
}

/**
 * bcrypt is slow on purpose, so its results are cached: by a digest under a key known only to this process, so that
 * neither memory nor the timing of a cache lookup reveals a password. The digest includes the hash, so no cached result
 * outlives a change of it. One check runs at a time, in slices that let other work through. Unknown users cost as much
 * time as known ones.
 */
export function createPasswordCheck(): PasswordCheck {
  const key = randomBytes(32);
  const right = new Set<string>();
  const wrong = new Set<string>();
  const running = new Map<string, Promise<Verdict>>();
  let turn: Promise<unknown> = Promise.resolve();

  const digest = (...parts: string[]): Buffer => createHmac('sha256', key).update(JSON.stringify(parts)).digest();

  /** Another user's hash, always the same for one name; null where there are no users. */
  function standIn(users: ReadonlyMap<string, string>, user: string): string | null {
    const hashes = [...users.values()];
    return hashes.length === 0 ? null : hashes[digest(user).readUInt32BE(0) % hashes.length]!;
  }

  return {
    check(users, user, password) {
      const own = users.get(user);
      const hash = own ?? standIn(users, user);
      if (hash === null) return 'wrong';
      const id = digest(user, own ?? '', hash, password).toString('base64');
      if (right.has(id)) return 'right';
      if (wrong.has(id)) return 'wrong';
      const before = running.get(id);
      if (before) return before;
      if (running.size >= MAX_WAITING) return 'busy';
      const checked = turn.then(async (): Promise<Verdict> => {
        try {
          const matches = await compare(password, hash);
          const verdict = matches && own !== undefined ? 'right' : 'wrong';
          keep(verdict === 'right' ? right : wrong, id, verdict === 'right' ? MAX_RIGHT : MAX_WRONG);
          return verdict;
        } catch {
          return 'wrong';
        } finally {
          running.delete(id);
        }
      });
      turn = checked;
      running.set(id, checked);
      return checked;
    },
  };
}

/** Adds an entry; the oldest is evicted. */
function keep(set: Set<string>, id: string, most: number): void {
  set.add(id);
  if (set.size > most) set.delete(set.values().next().value!);
}
