// Not by its names: an older Electron has no ClipboardItem, and would not start.
import electron, { nativeImage, shell } from 'electron';
import type { FrameFileUse } from '../../shared/desktop-bridge';
import type { OperationOutput } from '../../shared/host-api';
import { t } from '../../shared/texts/translate';
import { messageOf } from '../../shared/user-error';
import type { Host } from '../host';
import { bytesOf } from '../images/frame-images';

/**
 * Opens the image of a frame with the system's program for it, shows it in the file manager, or copies it. The page names
 * a job and a frame, never a path.
 *
 * @returns a sentence about why that was not possible; null where it was
 */
export async function handleFrameFile(
  host: Host,
  { jobId, frame, how }: { jobId: number; frame: number; how: FrameFileUse },
): Promise<string | null> {
  if (how === 'copy') return copyImage(host, jobId, frame).catch(messageOf);
  const reply = await host.call('job.frame', { id: jobId, frame });
  if (!reply.ok) return reply.error.message;
  const file = (reply.value as OperationOutput<'job.frame'>)?.file ?? null;
  if (file === null) return t('Frame {frame} has no image yet.', { frame });
  if (how === 'folder') {
    shell.showItemInFolder(file);
    return null;
  }
  const problem = await shell.openPath(file);
  return problem === '' ? null : t('{file} could not be opened ({problem}).', { file, problem });
}

async function copyImage(host: Host, jobId: number, frame: number): Promise<string | null> {
  const image = await host.image(jobId, frame);
  const picture = image && nativeImage.createFromBuffer(Buffer.from((await bytesOf(image)).bytes));
  if (!picture || picture.isEmpty())
    return t('The image of frame {frame} cannot be copied: it is not there any more.', { frame });
  const { clipboard, ClipboardItem } = electron;
  await clipboard.write([new ClipboardItem({ 'image/png': new Blob([new Uint8Array(picture.toPNG())]) })]);
  return null;
}
