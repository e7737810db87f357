/**
 * After which something that makes no progress at all counts as stuck, in milliseconds: rendering has the lowest
 * priority on a machine, and others may be at work there.
 */
export const PATIENCE = 600_000;

export interface Wait<T> {
  /** What is waited for, as a noun. */
  readonly what: string;
  /**
   * Answers null for “not yet”. What it throws has failed for good and ends the wait at once.
   */
  ask(): Promise<T | null>;
  /** What is missing now, in words; told when the wait is given up. */
  missing(): string;
  /** Settles when it is worth while to ask again. */
  next(): Promise<void>;
  /** Grows while what is waited for comes nearer: as long as it does, nothing is stuck. */
  progress?(): number;
}

/**
 * Waits for as long as there is progress, however slow the machine is.
 *
 * @param limit how long there may be none, in milliseconds
 * @throws what `ask` throws; an Error that says what was missing when there is no progress any more
 */
export async function waitUntil<T>(
  { what, ask, missing, next, progress = () => 0 }: Wait<T>,
  limit = PATIENCE,
): Promise<T> {
  let best = progress();
  let since = performance.now();
  for (;;) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (progress() > best) {
      best = progress();
      since = performance.now();
    } else if (performance.now() - since > limit) {
      throw new Error(
        `Waited in vain for ${what}: nothing has come of it for ${limit / 1000} s. Missing: ${missing()}`,
      );
    }
    await next();
  }
}

/** @throws Error that says what was waited for when it takes longer than {@link PATIENCE} */
export async function within<T>(what: string, promise: Promise<T>, limit = PATIENCE): Promise<T> {
  let timer: NodeJS.Timeout | null = null;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}, for ${limit / 1000} s.`)), limit);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    if (timer) clearTimeout(timer);
  }
}
