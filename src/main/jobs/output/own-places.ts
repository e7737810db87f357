import { relative, sep } from 'node:path';
import { isBelow } from '../../data/path-below';
import { isKept } from '../../data/private-files';

/**
 * Whether a job's images may lie in a folder of the data folder: in one that is not the host's, as in a container with
 * one volume; beside scenes that were sent to this host; and in a preview's own folder.
 *
 * @param folder and the data folder: absolute, with links resolved
 * @returns false, too, for a folder outside of the data folder
 */
export function takesImages(folder: string, dataFolder: string, preview: boolean): boolean {
  if (!isBelow(folder, dataFolder)) return false;
  const [name = '', ...below] = relative(dataFolder, folder).split(sep);
  if (name === 'previews') return preview && below.length === 1;
  return name === 'scenes' || (name !== '' && !isKept(name));
}
