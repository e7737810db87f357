import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { imageVerifier } from '../helpers/image-verifier';
import { decodePng } from '../helpers/decode-png';

type DecodedPng = ReturnType<typeof decodePng>;

interface Entry {
  readonly inode: number;
  readonly modifiedAt: number;
  readonly bytes: number;
}

/** Remembers every image that was ever in its place, and complains when one is gone or is another file. */
export interface ImageLedger {
  /** How many images there are. */
  readonly size: number;
  /**
   * Looks at a folder: what is new must be whole, what was there must be the same file. @param complete nothing but
   * images may be there
   */
  look(folder: string, complete?: boolean): Promise<void>;
}

/** @param faultOf what is wrong with an image, in words; null for nothing. By default one that shows nothing is */
export function createImageLedger(
  width: number,
  height: number,
  faultOf: (path: string, image: DecodedPng) => string | null = (_path, image) =>
    isFlat(image) ? 'shows nothing' : null,
): ImageLedger {
  const entries = new Map<string, Entry>();
  return {
    get size() {
      return entries.size;
    },
    async look(folder, complete = false) {
      if (!existsSync(folder)) return;
      const names = readdirSync(folder);
      const images = names.filter((name) => !name.startsWith('.'));
      const others = names.filter((name) => name.startsWith('.'));
      if (complete && others.length > 0)
        throw new Error(`${folder} is complete, and there is left: ${others.join(', ')}`);
      const there = new Set<string>();
      for (const name of images) {
        const path = join(folder, name);
        there.add(path);
        const { ino: inode, mtimeMs: modifiedAt, size: bytes } = statSync(path);
        const known = entries.get(path);
        if (known) {
          if (known.inode !== inode || known.modifiedAt !== modifiedAt || known.bytes !== bytes)
            throw new Error(
              `${path} was rendered twice: ${JSON.stringify(known)} became ${JSON.stringify({ inode, modifiedAt, bytes })}`,
            );
          continue;
        }
        await imageVerifier.verify(path, 'png', width, height);
        const fault = faultOf(path, decodePng(await readFile(path)));
        if (fault !== null) throw new Error(`${path} ${fault}.`);
        entries.set(path, { inode, modifiedAt, bytes });
      }
      for (const path of entries.keys())
        if (path.startsWith(`${folder}/`) && !there.has(path)) throw new Error(`${path} was there and is gone.`);
    },
  };
}

function isFlat({ width, height, at }: DecodedPng): boolean {
  const first = at(0, 0).join();
  for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) if (at(x, y).join() !== first) return false;
  return true;
}
