import { z } from 'zod';

/** What is asked before the program ends, with the number of jobs that wait for their turn or their time. */
export type QuitQuestion =
  | { readonly kind: 'rendering' }
  | { readonly kind: 'restarting' }
  | { readonly kind: 'waiting'; readonly waiting: number };

const stateSchema = z.object({
  jobs: z.array(z.object({ state: z.string() })),
  queue: z.object({ state: z.string() }),
  preferences: z.object({ 'queue.onStart': z.string().optional() }),
});

/**
 * Whether quitting holds something up: what renders, or what would be rendered once its turn or its time comes.
 *
 * @param state as host.state tells it
 * @param again whether the program starts again at once: then only what is in work is held up, unless the queue is paused
 *   at a start
 * @returns null where nothing is to be asked: nothing waits, or it waits because a person has paused it
 */
export function quitQuestion(state: unknown, again = false): QuitQuestion | null {
  const { success, data } = stateSchema.safeParse(state);
  if (!success) return null;
  const goesOn = again && data.preferences['queue.onStart'] !== 'paused';
  if (data.jobs.some((job) => job.state === 'rendering')) return { kind: goesOn ? 'restarting' : 'rendering' };
  if (goesOn) return null;
  const waiting = data.jobs.filter((job) => job.state === 'queued').length;
  return waiting > 0 && data.queue.state === 'running' ? { kind: 'waiting', waiting } : null;
}
