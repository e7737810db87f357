import type { JobSettings } from '../../../shared/jobs';
import { type Existing, type FileStamp, existingImage, imagesOf, isUnchanged } from './output-files';

/** What was found at the places of a frame's images. `skip`: whole images are there; `replace`: something that may be replaced; `refuse`: an image that must not be touched. */
export type Finding =
  | { readonly kind: 'render' | 'replace' }
  | { readonly kind: 'skip'; readonly file: string }
  | { readonly kind: 'refuse'; readonly reason: string };

/**
 * Looks at what lies at the places of a frame's images before it is rendered.
 *
 * @param ours the files that this job put there before: as long as they are unchanged it may put others in their place
 */
export async function lookAt(settings: JobSettings, frame: number, ours: readonly FileStamp[]): Promise<Finding> {
  const files = imagesOf(settings, frame);
  const found: Existing[] = [];
  for (const file of files) {
    const stamp = ours.find(({ path }) => path === file);
    // What we wrote and what is to be rendered again may be replaced, whatever it is.
    found.push(stamp && (await isUnchanged(stamp)) ? 'broken' : await existingImage(file, settings));
  }
  for (const existing of found) if (typeof existing === 'object') return { kind: 'refuse', reason: existing.other };
  if (found.every((existing) => existing === 'none')) return { kind: 'render' };
  if (found.every((existing) => existing === 'same')) return { kind: 'skip', file: files[0]! };
  // A set of views with one missing is as good as broken.
  return { kind: 'replace' };
}
