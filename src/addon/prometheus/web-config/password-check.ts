import { createHmac, randomBytes } from 'node:crypto';
import { compare } from 'bcryptjs';

/** Checks under way and waiting; more are refused, for each takes a good part of a second. */
const MOST_WAITING = 16;
/** Wrong passwords that are remembered, so that a scraper with an old one costs no bcrypt each time. */
const MOST_WRONG = 100;
const MOST_RIGHT = 256;

/** `busy`: too many unknown passwords are being checked already. */
export type Verdict = 'right' | 'wrong' | 'busy';

/** Checks passwords of basic authentication. */
export interface PasswordCheck {
  /** An answer at once for what was checked before, else a promise of it. */
  check(users: ReadonlyMap<string, string>, user: string, password: string): Verdict | Promise<Verdict>;
}

/**
 * bcrypt is slow on purpose, so what it said is kept: by a digest under a key that only this process has, so that neither the memory nor the time that a look-up takes tells of
 * a password. Hashes are part of the digest, so nothing kept outlives a change of them. One check runs at a time, in slices that let other work through. A user
 * who does not exist costs what one who does costs.
 */
export function createPasswordCheck(): PasswordCheck {
  const key = randomBytes(32);
  const right = new Set<string>();
  const wrong = new Set<string>();
  const running = new Map<string, Promise<Verdict>>();
  let turn: Promise<unknown> = Promise.resolve();

  const digest = (...parts: string[]): Buffer => createHmac('sha256', key).update(JSON.stringify(parts)).digest();

  /** Another user's hash, always the same one for a name; null where there are no users. */
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
      if (running.size >= MOST_WAITING) return 'busy';
      const checked = turn.then(async (): Promise<Verdict> => {
        try {
          const matches = await compare(password, hash);
          const verdict = matches && own !== undefined ? 'right' : 'wrong';
          keep(verdict === 'right' ? right : wrong, id, verdict === 'right' ? MOST_RIGHT : MOST_WRONG);
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

/** The oldest gives way. */
function keep(set: Set<string>, id: string, most: number): void {
  set.add(id);
  if (set.size > most) set.delete(set.values().next().value!);
}
