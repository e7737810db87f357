import { dirname, join, relative, sep } from 'node:path';
import { type AllowedFolders, realOrNull } from '../../data/allowed-folders';
import { isBelow } from '../../data/path-below';
import { isKept } from '../../data/private-files';
import type { JobStore } from '../store/job-store';

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
    const [closed, uploads, previews] = await Promise.all([
      realOrNull(folders.dataFolder),
      realOrNull(folders.uploads),
      realOrNull(join(folders.dataFolder, 'previews')),
    ]);
    // In the data folder may be a folder of images, too, as in a container with one volume.
    const beside =
      closed !== null && own !== closed && isBelow(own, closed) && !isKept(relative(closed, own).split(sep)[0]!);
    const opened = beside || (preview && dirname(own) === previews);
    return { file, within: { open: [own], closed, openInClosed: opened ? own : uploads } };
  };
}
