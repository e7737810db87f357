import { basename } from 'node:path';
import type { JobSettings } from '../../../shared/jobs';
import { frameOfName, outputNames } from '../../../shared/output-pattern';
import { imagesOf } from './image-path';

type Named = Pick<JobSettings, 'output' | 'format' | 'views'>;

/** A key that is equal for outputs with the same image names, since patterns can be spelled in several ways. */
export function namesKey(settings: JobSettings): string {
  return [...imagesOf(settings, 7), ...imagesOf(settings, 1_234_567)].map((file) => basename(file)).join('/');
}

/**
 * Whether two outputs in one folder may have image names in common: they differ in no more than digits beside the frame
 * number. `a#.png` and `a##.png` share those of frames from 10 on, and `a1#.png` has as frame 2 what is frame 12 of
 * `a#.png`.
 */
export function mayShareNames(one: Named, other: Named): boolean {
  const theirs = new Set(withoutDigits(other));
  return withoutDigits(one).some((key) => theirs.has(key));
}

function withoutDigits({ output, format, views }: Named): string[] {
  return views.map((view) => {
    const { before, after } = outputNames(output, format, view);
    return `${before.replace(/[-\d]+$/, '')}/${after.replace(/^\d+/, '')}`;
  });
}

/** The frame of a job that has an image of this name; null where none has. */
export function frameNamed({ output, format, views }: Named, name: string): number | null {
  for (const view of views) {
    const frame = frameOfName(name, outputNames(output, format, view));
    if (frame !== null) return frame;
  }
  return null;
}
