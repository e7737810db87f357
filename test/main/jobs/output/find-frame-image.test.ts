import { mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createImageFinder } from '../../../../src/main/jobs/output/find-frame-image';
import type { JobStore } from '../../../../src/main/jobs/store/job-store';
import type { Job } from '../../../../src/shared/jobs';
import { startControlHost } from '../../../helpers/control-host';
import { TURNTABLE } from '../../../helpers/cli';
import { eventually } from '../../../helpers/eventually';
import { makePng } from '../../../helpers/png';
import { temporaryFolder } from '../../../helpers/temporary-folder';

it.skipIf(process.platform === 'win32')(
  'an output folder that becomes a link shows no image of the place that it leads to',
  async () => {
    const { ask, folder } = await startControlHost();
    const images = join(folder, 'images');
    const real = join(folder, 'real');
    mkdirSync(real);
    symlinkSync(real, images);
    const secrets = [join(folder, 'data', 'cache'), join(folder, 'data', 'previews', 'a'), temporaryFolder()];
    for (const place of [images, ...secrets]) {
      mkdirSync(place, { recursive: true });
      writeFileSync(join(place, '0001.png'), makePng(16, 16));
    }
    const added = await ask('POST', '/api/v1/jobs', {
      body: { scene: TURNTABLE, frames: '1', size: '16x16', output: join(images, '####.png'), keepExisting: true },
    });
    expect(added.status, added.text).toBe(201);
    const { id } = added.json as Job;
    await eventually('the image being taken', async () =>
      ((await ask('GET', `/api/v1/jobs/${id}`)).json as Job).frames.skipped === 1 ? true : null,
    );
    const image = `/api/v1/jobs/${id}/frames/1/image`;
    // A link that was there when the job was made is the person's own.
    for (const path of [image, `${image}?size=64`])
      expect(await ask('GET', path, { token: 'read' })).toMatchObject({ status: 200 });
    for (const secret of secrets) {
      renameSync(images, `${images}-${secrets.indexOf(secret)}`);
      symlinkSync(secret, images);
      for (const path of [image, `${image}?size=128`]) {
        const { status, text } = await ask('GET', path, { token: 'read' });
        expect(status).toBe(422);
        expect(text).toContain('is not shown, since a link leads out of the folder');
      }
    }
    // And an image of its own that is a link.
    renameSync(images, `${images}-last`);
    mkdirSync(images);
    symlinkSync(join(secrets[2]!, '0001.png'), join(images, '0001.png'));
    expect((await ask('GET', image, { token: 'read' })).status).toBe(422);
  },
);

it('a folder of images in the data folder shows them', async () => {
  const { ask, folder } = await startControlHost();
  const images = join(folder, 'data', 'renders');
  mkdirSync(images, { recursive: true });
  writeFileSync(join(images, '0001.png'), makePng(16, 16));
  const body = { scene: TURNTABLE, frames: '1', size: '16x16', output: join(images, '####.png'), keepExisting: true };
  const { id } = (await ask('POST', '/api/v1/jobs', { body })).json as Job;
  await eventually('the image being taken', async () =>
    ((await ask('GET', `/api/v1/jobs/${id}`)).json as Job).frames.skipped === 1 ? true : null,
  );
  expect((await ask('GET', `/api/v1/jobs/${id}/frames/1/image`)).status).toBe(200);
});

// An earlier version took such jobs.
it.each(['cache', 'machine/cache', '.'])(
  'a job with images among the host’s own files shows none: %s',
  async (place) => {
    const dataFolder = realpathSync(temporaryFolder());
    const [own, uploads] = [join(dataFolder, place), join(dataFolder, 'scenes')];
    mkdirSync(own, { recursive: true });
    mkdirSync(uploads);
    const store = {
      frames: { get: () => ({ file: join(own, '0001.png') }) },
      folder: () => own,
      settings: () => ({ preview: false }),
    } as unknown as JobStore;
    const found = await createImageFinder(store, { dataFolder, uploads })(1, 1);
    expect(found!.within).toMatchObject({ closed: dataFolder, openInClosed: uploads });
  },
);
