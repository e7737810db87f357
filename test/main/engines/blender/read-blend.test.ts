import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readBlend } from '../../../../src/main/engines/blender/read-blend';
import { UserError } from '../../../../src/shared/user-error';
import { type BlendParts, blendBytes, storedZstd } from '../../../helpers/blend-bytes';
import { temporaryFolder } from '../../../helpers/temporary-folder';

async function file(bytes: Uint8Array, name = 'a.blend'): Promise<string> {
  const path = join(temporaryFolder(), name);
  await writeFile(path, bytes);
  return path;
}

const thumbnail = { width: 2, height: 1, pixels: new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]) };
const render = { scene: 'Größe', frameStart: 10, frameEnd: 48 };

describe('readBlend', () => {
  it.each<[string, BlendParts, string]>([
    ['of Blender 3.4', { version: '304' }, '3.4'],
    ['of Blender 2.93', { version: '293' }, '2.93'],
    ['of a 32-bit Blender', { version: '279', pointers: 4 }, '2.79'],
    ['of a PowerPC', { version: '249', pointers: 4, bigEndian: true }, '2.49'],
    ['of Blender 4.5', { version: '405' }, '4.5'],
    ['of Blender 5', { version: '0500' }, '5.0'],
    ['of a later Blender', { version: '0512' }, '5.12'],
  ])('reads a file %s, as it is and compressed', async (_name, parts, version) => {
    const bytes = blendBytes({ ...parts, render, thumbnail });
    for (const [packing, packed] of [
      ['none', bytes],
      ['gzip', gzipSync(bytes)],
      ['zstd', storedZstd(bytes)],
    ] as const) {
      expect(await readBlend(await file(packed))).toEqual({
        bytes: packed.length,
        modifiedMs: expect.any(Number),
        version,
        packing,
        render,
        thumbnail,
      });
    }
  });

  it('reads files without a thumbnail, and without the frame range', async () => {
    expect(await readBlend(await file(blendBytes({ thumbnail: null })))).toMatchObject({
      thumbnail: null,
      render: { scene: 'Scene' },
    });
    expect(await readBlend(await file(blendBytes({ render: null, thumbnail })))).toMatchObject({
      thumbnail,
      render: null,
    });
  });

  it('leaves out a thumbnail that makes no sense', async () => {
    for (const [width, height] of [
      [0, 1],
      [-1, 1],
      [2, 2],
      [100_000, 100_000],
    ] as const) {
      expect(await readBlend(await file(blendBytes({ thumbnail: { ...thumbnail, width, height } })))).toMatchObject({
        thumbnail: null,
      });
    }
  });

  it('takes a file to which something was added', async () => {
    const bytes = Buffer.concat([blendBytes({ rest: 300_000 }), Buffer.alloc(77)]);
    expect(await readBlend(await file(bytes))).toMatchObject({ bytes: bytes.length });
    expect(await readBlend(await file(Buffer.concat([storedZstd(blendBytes()), Buffer.alloc(9)])))).toMatchObject({
      packing: 'zstd',
    });
  });

  it('takes several zstd frames, among them ones to be skipped, as Blender writes them', async () => {
    const bytes = blendBytes({ render, thumbnail });
    const skipped = Buffer.concat([Buffer.from([0x5e, 0x2a, 0x4d, 0x18, 5, 0, 0, 0]), Buffer.from('table')]);
    expect(
      await readBlend(
        await file(Buffer.concat([storedZstd(bytes.subarray(0, 50)), storedZstd(bytes.subarray(50)), skipped])),
      ),
    ).toMatchObject({ render, thumbnail });
  });

  it.each<[string, Uint8Array, string]>([
    ['an empty file', Buffer.alloc(0), '“a.blend” is empty'],
    [
      'text',
      Buffer.from('hello, this is no scene'),
      '“a.blend” is not a .blend file: it does not start with “BLENDER”',
    ],
    ['text that is compressed', gzipSync('hello, this is no scene'), 'does not start with “BLENDER”'],
    ['the name alone', Buffer.from('BLENDER'), 'breaks off after 7 bytes'],
    ['a header alone', Buffer.from('BLENDER-v304'), 'breaks off after 12 bytes'],
    ['a header that makes no sense', Buffer.from('BLENDER?v304 and so on'), 'is damaged: its header cannot be read'],
    [
      'a form that is yet to come',
      Buffer.from('BLENDER17-02v0700................'),
      'was saved by Blender 7.0 in a form that is too new',
    ],
    [
      'a block of a negative length',
      (() => {
        const bytes = blendBytes();
        bytes.writeInt32LE(-5, 16);
        return bytes;
      })(),
      'is damaged: a block in it has no sensible length',
    ],
    [
      'a block that is longer than the file',
      (() => {
        const bytes = blendBytes();
        bytes.writeInt32LE(1_000_000, 16);
        return bytes;
      })(),
      'is damaged: it breaks off after',
    ],
    [
      'gzip that breaks off',
      gzipSync(blendBytes()).subarray(0, 60),
      'is damaged: its compressed data cannot be unpacked',
    ],
    [
      'zstd of garbage',
      Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]),
      '“a.blend”',
    ],
  ])('refuses %s in one sentence', async (_name, bytes, reason) => {
    const error = await readBlend(await file(bytes)).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as Error).message).toContain(reason);
    expect((error as Error).message).not.toContain('\n');
  });

  it('finds out wherever a file breaks off', async () => {
    for (const parts of [{ thumbnail }, { thumbnail, version: '0500' }, { pointers: 4 }] as const) {
      const whole = blendBytes(parts);
      for (const packed of [whole, storedZstd(whole), gzipSync(whole)]) {
        for (const length of [
          1,
          6,
          11,
          13,
          30,
          90,
          150,
          400,
          packed.length - 33,
          ...(packed === whole ? [] : [packed.length - 1]),
        ]) {
          if (length <= 0 || length >= packed.length) continue;
          await expect(
            readBlend(await file(packed.subarray(0, length))),
            `${length} of ${packed.length}`,
          ).rejects.toBeInstanceOf(UserError);
        }
      }
    }
  });

  it('refuses what is not there, a folder, and what may not be read', async () => {
    const folder = temporaryFolder();
    await expect(readBlend(join(folder, 'none.blend'))).rejects.toThrow(
      `There is no file “${join(folder, 'none.blend')}”`,
    );
    await mkdir(join(folder, 'folder.blend'));
    await expect(readBlend(join(folder, 'folder.blend'))).rejects.toThrow('folder.blend” is not a file');
    // Root may read everything.
    if (process.getuid?.() !== 0 && process.platform !== 'win32') {
      const path = await file(blendBytes());
      await chmod(path, 0);
      await expect(readBlend(path)).rejects.toThrow('may not be read');
    }
  });
});
