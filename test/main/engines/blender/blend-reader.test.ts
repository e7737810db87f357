import { execFileSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { type BlendReader, createBlendReader } from '../../../../src/main/engines/blender/blend-reader';
import { UserError } from '../../../../src/shared/user-error';
import { blendBytes } from '../../../helpers/blend-bytes';
import { BUILT } from '../../../helpers/gltf-host';
import { temporaryFolder } from '../../../helpers/temporary-folder';

function makeReader(options?: { taskTime?: number }): BlendReader {
  const reader = createBlendReader(join(BUILT, 'worker', 'blend-worker.mjs'), options);
  onTestFinished(() => reader.close());
  return reader;
}

async function file(content: Uint8Array): Promise<string> {
  const path = join(temporaryFolder(), 'a.blend');
  await writeFile(path, content);
  return path;
}

/** A zstd frame of blocks that each say 128 KiB of one byte in four (RFC 8878, section 3.1.1.2). */
function zstdOfOneByte(blocks: number): Buffer {
  const head = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 0x38]);
  const block = (last: boolean): Buffer => {
    const bytes = Buffer.alloc(4);
    bytes.writeUIntLE(((128 * 1024) << 3) | (1 << 1) | (last ? 1 : 0), 0, 3);
    bytes[3] = 0x42;
    return bytes;
  };
  return Buffer.concat([head, Buffer.concat(Array.from({ length: blocks }, (_, i) => block(i === blocks - 1)))]);
}

it('reads in a thread what readBlend reads', async () => {
  const bytes = blendBytes({ render: { scene: 'Shot', frameStart: 3, frameEnd: 9 } });
  expect(await makeReader().read(await file(bytes))).toMatchObject({
    bytes: bytes.length,
    render: { scene: 'Shot', frameStart: 3, frameEnd: 9 },
  });
});

it('takes no memory for a file that unpacks to much', async () => {
  const path = await file(zstdOfOneByte(100_000));
  const before = process.memoryUsage().rss;
  await expect(makeReader().read(path)).rejects.toThrow(/“a\.blend” is/);
  expect(process.memoryUsage().rss - before).toBeLessThan(512 * 1024 ** 2);
});

it('gives up a file that takes too long', async () => {
  const error = await makeReader({ taskTime: 1 })
    .read(await file(blendBytes()))
    .catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UserError);
  expect((error as Error).message).toBe(
    '“a.blend” took longer than 0.001 s to read: save it without compression, or copy it to a faster disk.',
  );
});

it.skipIf(process.platform === 'win32')('does not wait for the writer of a pipe', async () => {
  const path = join(temporaryFolder(), 'a.blend');
  execFileSync('mkfifo', [path]);
  await expect(makeReader().read(path)).rejects.toThrow('is not a file: give a .blend file.');
});
