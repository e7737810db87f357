import { z } from 'zod';
import './schema-words';
import type { FailureKind } from './totals';

/**
 * What was wrong when a frame or a job failed, as far as it decides what mends it. `images-in-the-way`: files that may
 * not be replaced; `output`: the image could not be written; `program`: no program that can render the scene; `newer`:
 * the scene was saved by a newer one; `outside`: the scene refers to a file outside of the folders that it may;
 * `too-many`: more frames failed than the job allows. The others are those of {@link FailureKind}.
 */
export const FAILURE_CODES = [
  'render',
  'crash',
  'timeout',
  'memory',
  'image',
  'output',
  'images-in-the-way',
  'program',
  'newer',
  'scene',
  'camera',
  'device',
  'outside',
  'too-many',
] as const satisfies readonly (FailureKind | string)[];
export const failureCodeSchema = z.enum(FAILURE_CODES);
export type FailureCode = z.infer<typeof failureCodeSchema>;

/** Those that an engine finds out; the others are of the output folder and the job, which only the host knows. */
export const engineFailureSchema = failureCodeSchema.exclude(['images-in-the-way', 'too-many']);

/** The code of a thrown error that has one. */
export function failureCodeOf(error: unknown): FailureCode | null {
  const code = failureCodeSchema.safeParse((error as { failure?: unknown } | null | undefined)?.failure);
  return code.success ? code.data : null;
}
