import { CUT_SHORT, type ImageSource } from './image-source';

/** Bytes read at once and scanned without yielding to the event loop: well below a millisecond. */
const LENGTH = 1 << 16;

/** A window onto a file that is read byte by byte from start to end. */
export interface ImageWindow {
  has(at: number): boolean;
  /** A byte within the window. */
  byte(at: number): number;
  /** Moves the window. @returns its first byte @throws Error that the image is cut short */
  load(at: number): Promise<number>;
}

export function createWindow(source: ImageSource): ImageWindow {
  let from = 0;
  let bytes: Buffer = Buffer.alloc(0);
  return {
    has: (at) => at >= from && at < from + bytes.length,
    byte: (at) => bytes[at - from]!,
    async load(at) {
      if (at >= source.size) throw new Error(CUT_SHORT);
      [from, bytes] = [at, Buffer.from(await source.read(at, Math.min(LENGTH, source.size - at)))];
      return bytes[0]!;
    },
  };
}
