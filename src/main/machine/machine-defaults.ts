import { availableParallelism, hostname } from 'node:os';

/** Disk space for copies of scenes, in bytes, where nothing else is said. */
export const USUAL_CACHE_BYTES = 50e9;

/** Pages that render in software keep two cores busy, and more than four only slow each other down. */
export function usualWorkers(): number {
  return Math.max(1, Math.min(4, Math.floor(availableParallelism() / 2)));
}

/** The host name, as far as it may be a name. */
export function usualName(): string {
  const name = hostname()
    .split('.')[0]!
    .replaceAll(/[^\p{L}\p{N} ._-]/gu, '-')
    .replace(/^[^\p{L}\p{N}]+/u, '')
    .slice(0, 63);
  return name === '' ? 'machine' : name;
}
