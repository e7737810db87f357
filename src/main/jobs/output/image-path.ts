import { extname } from 'node:path';
import type { JobSettings } from '../../../shared/jobs';
import { expandOutputPattern } from '../../../shared/output-pattern';

/** Output path of a frame's own image. @param view its suffix; '' for an image with one view */
export function imageOf({ output, format }: JobSettings, frame: number, view: string): string {
  return expandOutputPattern(output, frame, format, view);
}

/** Path of the JPEG beside a frame's own image, of its name. */
export function previewOf(settings: JobSettings, frame: number, view: string): string {
  const image = imageOf(settings, frame, view);
  return `${image.slice(0, image.length - extname(image).length)}.jpg`;
}

/** Output paths of a frame's own images, one per view. */
export function imagesOf(settings: JobSettings, frame: number): string[] {
  return settings.views.map((view) => imageOf(settings, frame, view));
}
