import type { ImageFormat } from '../../shared/image-format';
import type { AllowedFolders } from '../data/allowed-folders';
import { createTaskThread } from '../threads/task-thread';
import type { ImageSize } from './image-size';
import type { ImageStatistics } from './pixel-statistics';
import { UndecidedError } from './verify-image';

/** An image that every browser can display. */
export interface Preview {
  readonly bytes: Uint8Array;
  /** Media type of the bytes. */
  readonly type: string;
}

export type ImageTask = {
  readonly path: string;
  /** The folders where it must lie; anywhere by default. */
  readonly within?: AllowedFolders | undefined;
} & (
  | { readonly kind: 'statistics'; readonly format: ImageFormat }
  | { readonly kind: 'preview'; readonly maxSide: number | undefined }
  | { readonly kind: 'linear'; readonly layer: string | undefined }
  | { readonly kind: 'shrink'; readonly preview: Preview; readonly maxSide: number }
  | { readonly kind: 'check'; readonly size: ImageSize }
);
export type ImageResult = ImageStatistics | Preview | Uint8Array<ArrayBuffer> | boolean | null;

/** Maximum time per task, in milliseconds. */
const TASK_TIME = 120_000;
/**
 * How long an idle thread is kept, in milliseconds. Memory taken by its decoders is returned only when it ends;
 * starting one takes a tenth of a second.
 */
const IDLE_TIME = 10_000;

/** Decodes images in a thread, one at a time, so that only one image's pixels are in memory. */
export interface ImageThread {
  /** Statistics that detect suspicious pixels; null where unknown. */
  statistics(path: string, format: ImageFormat): Promise<ImageStatistics | null>;
  /** As `makePreview` in preview.ts. @throws Error where the file is damaged, or can't be shown */
  preview(path: string, maxSide?: number, within?: AllowedFolders): Promise<Preview>;
  /** As `exrLinear` in exr-tasks.ts. @throws Error where the file is damaged */
  linear(path: string, layer?: string, within?: AllowedFolders): Promise<Uint8Array<ArrayBuffer> | null>;
  /** Scales a preview down, unless it is small enough already. */
  shrink(path: string, preview: Preview, maxSide: number): Promise<Preview>;
  /** As `decodable` in pixels.ts. @throws UndecidedError */
  decodable(path: string, size: ImageSize): Promise<boolean>;
  close(): Promise<void>;
}

/** @param script the built image-worker.mjs, at a path that Node can read without Electron */
export function createImageThread(script: string, { taskTime = TASK_TIME, idleTime = IDLE_TIME } = {}): ImageThread {
  const thread = createTaskThread<ImageTask, ImageResult>(script, {
    taskTime,
    idleTime,
    late: ({ path }) => new UndecidedError(`The image ${path} took too long to decode.`),
    lost: ({ path }, _reason, message) => new UndecidedError(`The image ${path} could not be decoded (${message}).`),
    closed: () => new UndecidedError('No more images are decoded: the host closes.'),
  });
  return {
    statistics: async (path, format) =>
      (await thread.run({ kind: 'statistics', path, format })) as ImageStatistics | null,
    preview: async (path, maxSide, within) => (await thread.run({ kind: 'preview', path, maxSide, within })) as Preview,
    linear: async (path, layer, within) =>
      (await thread.run({ kind: 'linear', path, layer, within })) as Uint8Array<ArrayBuffer> | null,
    shrink: async (path, preview, maxSide) => (await thread.run({ kind: 'shrink', path, preview, maxSide })) as Preview,
    decodable: async (path, { width, height }) =>
      (await thread.run({ kind: 'check', path, size: { width, height } })) as boolean,
    close: thread.close,
  };
}
