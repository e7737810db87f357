import { deadline } from '../deadline';

/**
 * How long one source, collector or metric's function may take, in milliseconds. The host waits a second for all metrics
 * of an add-on: a slow one must not take the others with it.
 */
const READING_DEADLINE = 700;

/** Waits for one part of an add-on's metrics. @throws Error when it takes too long */
export function inTime<T>(part: T | PromiseLike<T>): Promise<T> {
  return deadline(part, READING_DEADLINE, `it took longer than ${READING_DEADLINE} ms`);
}
