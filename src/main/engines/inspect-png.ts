import { open } from 'node:fs/promises';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** The IEND chunk, which closes every PNG file (PNG specification, 11.2.5): length 0, type, CRC. */
const END = Buffer.from([0, 0, 0, 0, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82]);

/**
 * Reads the size of a PNG from its header and checks that its end is there, without decoding what lies between.
 *
 * @returns width and height in pixels; null for what is no whole PNG, or can't be read
 */
export async function inspectPng(file: string): Promise<{ width: number; height: number } | null> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const head = Buffer.alloc(24);
      const tail = Buffer.alloc(END.length);
      await handle.read(head, 0, head.length, 0);
      await handle.read(tail, 0, tail.length, Math.max(0, size - END.length));
      if (!head.subarray(0, 8).equals(SIGNATURE) || head.toString('latin1', 12, 16) !== 'IHDR' || !tail.equals(END)) return null;
      return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
    } finally {
      await handle.close();
    }
  } catch {
    return null;
  }
}
