import { type AllowedFolders, realOrNull } from '../../data/allowed-folders';
import type { JobStore } from '../store/job-store';
import { takesImages } from './own-places';

/** Where the image of a frame is, and where it has to be. */
export interface FramePlace {
  readonly file: string;
  readonly within: AllowedFolders;
}

/**
 * Finds the images of written frames. An image is to lie in the folder that its job was given, whose links were
 * resolved then: whoever can replace that folder, or an image in it, by a link must not choose what the host shows. Of the
 * data folder only uploads are shown, a preview's own folder, and folders that are not the host's.
 *
 * @returns null where a frame has no image
 */
export function createImageFinder(
  store: JobStore,
  folders: { readonly dataFolder: string; readonly uploads: string },
): (jobId: number, frame: number) => Promise<FramePlace | null> {
  return async (jobId, frame) => {
    const file = store.frames.get(jobId, frame)?.file;
    if (!file) return null;
    const own = store.folder(jobId);
    const { preview } = store.settings(jobId);
    const [closed, uploads] = await Promise.all([realOrNull(folders.dataFolder), realOrNull(folders.uploads)]);
    const opened = closed !== null && takesImages(own, closed, preview);
    return { file, within: { open: [own], closed, openInClosed: opened ? own : uploads } };
  };
}
