import { mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import type { Job } from '../../../../src/shared/jobs';
import { startControlHost } from '../../../helpers/control-host';
import { TURNTABLE } from '../../../helpers/cli';
import { eventually } from '../../../helpers/eventually';
import { makePng } from '../../../helpers/png';
import { sampleSettings } from '../../../helpers/samples';
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

it('a folder of images in the data folder shows them, and none of the host’s own', async () => {
  const dataFolder = join(temporaryFolder(), 'data');
  mkdirSync(dataFolder);
  // An earlier version took jobs with any of them.
  const store = new JobStore(dataFolder);
  const jobs = [
    ['renders', 200],
    ['cache', 422],
    ['machine/cache', 422],
    ['.', 422],
  ].map(([place, status]) => {
    const images = join(dataFolder, String(place));
    const file = join(images, '0001.png');
    mkdirSync(images, { recursive: true });
    writeFileSync(file, makePng(16, 16));
    const settings = sampleSettings({ scene: TURNTABLE, frames: '1', output: join(images, '####.png') });
    const { id } = store.add({ name: 'film', engine: 'gltf', settings, folder: realpathSync(images) });
    store.setState(id, 'rendering', null);
    const { lease } = store.tries.start(id, 1, 1);
    store.tries.done({ jobId: id, frame: 1, lease }, { file, seconds: 1, suspicion: null });
    store.setState(id, 'completed', null);
    return { id, place, status };
  });
  store.close();
  const { ask } = await startControlHost({ dataFolder });
  for (const { id, place, status } of jobs)
    expect((await ask('GET', `/api/v1/jobs/${id}/frames/1/image`)).status, String(place)).toBe(status);
});
