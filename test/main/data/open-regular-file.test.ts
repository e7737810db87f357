import { execFileSync } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createFrameImages } from '../../../src/main/images/frame-images';
import { imageVerifier } from '../../helpers/image-verifier';
import { writeMonitoringKit } from '../../../src/main/monitoring-kit';
import { NotAFileError, openRegularFile, readRegularFile } from '../../../src/main/data/open-regular-file';
import { openPreferences } from '../../../src/main/preferences/preferences';
import { BUILT } from '../../helpers/gltf-host';
import { makePng } from '../../helpers/png';
import { temporaryFolder } from '../../helpers/temporary-folder';

const unix = process.platform !== 'win32';

it('reads files, also through links', async () => {
  const folder = temporaryFolder();
  await writeFile(join(folder, 'a'), 'content');
  if (unix) await symlink('a', join(folder, 'b'));
  expect(String(await readRegularFile(join(folder, unix ? 'b' : 'a'), 7))).toBe('content');
  await expect(readRegularFile(join(folder, 'a'), 6)).rejects.toThrow('has 7 bytes, more than the 6 that are read');
  await expect(openRegularFile(join(folder, 'c'))).rejects.toMatchObject({ code: 'ENOENT' });
});

it.skipIf(!unix)('refuses pipes, sockets, devices and folders without waiting for anybody', async () => {
  const folder = temporaryFolder();
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await mkdir(join(folder, 'folder'));
  await symlink('pipe', join(folder, 'link'));
  const server = createServer().listen(join(folder, 'socket'));
  onTestFinished(() => void server.close());
  await new Promise((resolve) => server.once('listening', resolve));
  for (const path of [
    ...['pipe', 'folder', 'link', 'socket'].map((name) => join(folder, name)),
    '/dev/zero',
    '/dev/null',
  ])
    await expect(openRegularFile(path)).rejects.toBeInstanceOf(NotAFileError);
});

it.skipIf(!unix)('keeps pipes from holding whatever looks at files of others', async () => {
  const folder = temporaryFolder();
  const pipe = (name: string): string => {
    execFileSync('mkfifo', [join(folder, name)]);
    return join(folder, name);
  };
  const image = pipe('a.png');
  const images = createFrameImages({ thread: join(BUILT, 'worker', 'image-worker.mjs'), cache: join(folder, 'cache') });
  onTestFinished(() => images.close());
  // More than there are threads for file work: one that waited would hold those behind it.
  await Promise.all(
    Array.from({ length: 8 }, () => expect(imageVerifier.verify(image, 'png', 1, 1)).rejects.toThrow('is not a file')),
  );
  expect(await imageVerifier.inspect(image)).toBeNull();
  await expect(images.previewImage(image)).rejects.toThrow('is not a file');
  await expect(images.previewImage(image, { maxSide: 64 })).rejects.toThrow('is not a file');
  pipe('preferences.json');
  await expect(openPreferences(folder)).rejects.toThrow('is not a file');
  pipe('compose.yml');
  await expect(writeMonitoringKit(join(BUILT, '..', 'monitoring'), folder, null)).rejects.toThrow(
    /cannot be saved in .*is not a file/,
  );
});

it.skipIf(!unix)('does not hand out as an image what is none', async () => {
  const folder = temporaryFolder();
  const images = createFrameImages({ thread: join(BUILT, 'worker', 'image-worker.mjs'), cache: join(folder, 'cache') });
  onTestFinished(() => images.close());
  await writeFile(join(folder, 'real.png'), makePng(1, 1));
  await writeFile(join(folder, 'control-token'), 'secret');
  await symlink('control-token', join(folder, 'a.png'));
  expect((await images.previewImage(join(folder, 'real.png'))).type).toBe('image/png');
  await expect(images.previewImage(join(folder, 'a.png'))).rejects.toThrow('is no image');
});
