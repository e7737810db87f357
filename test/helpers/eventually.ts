import { setTimeout as delay } from 'node:timers/promises';

/**
 * Polls until there is an answer, for things that cannot be awaited: another program's HTTP API, a port of the system.
 *
 * @param ask returns null or undefined for “not yet”; an error counts as “not yet” too
 * @throws the last error, or a timeout
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
