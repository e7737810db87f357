import type { Frame } from '../api/context';

export type Gaps = 'hold' | 'skip';

/** The images of a video in the order in which they are shown. */
export interface ImageSequence {
  /** Absolute paths; one that is held occurs several times. */
  readonly files: readonly string[];
  /** Frames of the job without an image. */
  readonly missing: number;
}

/**
 * Orders a job's images by frame number, whatever the order in which they were rendered. Frames that are not part of the
 * job leave no gap: one of every tenth frame shows them one after another.
 *
 * @param gaps `hold` shows the image before a missing one again; at the beginning, the first one that there is
 */
export function imageSequence(frames: readonly Pick<Frame, 'frame' | 'file'>[], gaps: Gaps): ImageSequence {
  const ordered = [...frames].sort((a, b) => a.frame - b.frame);
  let shown = ordered.find(({ file }) => file !== null)?.file ?? null;
  const files: string[] = [];
  let missing = 0;
  for (const { file } of ordered) {
    if (file === null) missing++;
    shown = file ?? shown;
    if (shown !== null && (file !== null || gaps === 'hold')) files.push(shown);
  }
  return { files, missing };
}

/**
 * The sequence as a script of ffmpeg's concat demuxer (https://ffmpeg.org/ffmpeg-formats.html#concat-1), which takes any
 * names and numbers.
 *
 * @throws Error when a path cannot be written in it
 */
export function concatScript(files: readonly string[]): string {
  return `ffconcat version 1.0\n${files.map((file) => `file ${quoted(file)}\n`).join('')}`;
}

function quoted(file: string): string {
  if (/[\r\n\0]/.test(file))
    throw new Error(`ffmpeg cannot be told of a path with a line break: ${JSON.stringify(file)}.`);
  return `'${file.replaceAll("'", String.raw`'\''`)}'`;
}
