import { setTimeout as delay } from 'node:timers/promises';

/**
 * Asks again and again until there is an answer, for what tells no one when it is ready: another program's HTTP interface, a port of the system's.
 *
 * @param ask answers null or undefined for “not yet”; what it throws counts as “not yet” too
 * @throws the last error, or that time ran out
 */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | null | undefined>,
  limit = 60_000,
): Promise<T> {
  const deadline = Date.now() + limit;
  let last: unknown = null;
  while (Date.now() < deadline) {
    try {
      const answer = await ask();
      if (answer !== null && answer !== undefined) return answer;
    } catch (error) {
      last = error;
    }
    await delay(100);
  }
  throw new Error(`${what} did not happen within ${limit / 1000} s`, { cause: last });
}
