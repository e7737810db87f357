import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createPreviews } from '../../../../src/main/jobs/output/previews';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import type { JobSettings } from '../../../../src/shared/jobs';
import { paperJob } from '../../../helpers/paper-queue';
import { temporaryFolder } from '../../../helpers/temporary-folder';

function opened() {
  const data = temporaryFolder();
  const folder = join(data, 'previews');
  const store = new JobStore(data);
  onTestFinished(() => store.close());
  const previews = createPreviews(folder, store);
  return {
    folder,
    store,
    previews,
    /** Adds a quick look with an image. */
    add(): { id: number; settings: JobSettings } {
      const settings = previews.inNewFolder(paperJob(data, { preview: true, format: 'jpeg' }).settings);
      mkdirSync(dirname(settings.output), { recursive: true });
      writeFileSync(join(dirname(settings.output), '0001.jpg'), 'image');
      return store.add({ ...paperJob(data), settings });
    },
    job: (change: Partial<JobSettings> = {}) => store.add(paperJob(data, change)),
  };
}

it('gives each quick look a folder of its own, where nothing is in its way', () => {
  const { folder, previews, job } = opened();
  const { settings } = job({ preview: true, format: 'jpeg', keepExisting: true });
  const [one, two] = [previews.inNewFolder(settings), previews.inNewFolder(settings)];
  expect(one).toEqual({ ...settings, output: one.output, overwrite: true, keepExisting: false });
  expect([dirname(dirname(one.output)), basename(one.output)]).toEqual([folder, '####.jpg']);
  expect(two.output).not.toBe(one.output);
});

describe('taking images away', () => {
  it('takes those of a quick look', async () => {
    const { folder, previews, add } = opened();
    const [first, second] = [add(), add()];
    await previews.remove(first.settings);
    expect(readdirSync(folder)).toEqual([basename(dirname(second.settings.output))]);
  });

  it.each<[string, (ours: JobSettings, folder: string) => JobSettings]>([
    ['another job', (ours) => ({ ...ours, preview: false })],
    [
      'a quick look that somebody gave another output',
      (ours, folder) => ({ ...ours, output: join(folder, '####.jpg') }),
    ],
    ['a folder further below', (ours) => ({ ...ours, output: join(dirname(ours.output), 'deep', '####.jpg') })],
  ])('leaves those of %s', async (_whose, change) => {
    const { folder, previews, add } = opened();
    const { settings } = add();
    mkdirSync(join(dirname(settings.output), 'deep'));
    await previews.remove(change(settings, folder));
    expect(readdirSync(dirname(settings.output))).toEqual(['0001.jpg', 'deep']);
  });
});

it('finds those that have ended to be outdated beyond the ten newest, the oldest first', async () => {
  const { folder, previews, store, add, job } = opened();
  const ids = Array.from({ length: 14 }, () => add().id);
  for (const id of ids.slice(1)) store.setState(id, 'cancelled', 'Enough.');
  store.setState(job({ output: join(folder, 'mine', '####.png') }).id, 'cancelled', 'Enough.');
  // The first has not ended.
  expect(await previews.outdated()).toEqual([2, 3, 4]);
});

it('sweeps away what no quick look knows of', async () => {
  const { folder, previews, store, add } = opened();
  await previews.sweep();
  const [kept, removed] = [add(), add()];
  store.remove(removed.id);
  writeFileSync(join(folder, 'stray'), '');
  await previews.sweep();
  expect(readdirSync(folder)).toEqual([basename(dirname(kept.settings.output))]);
  expect(existsSync(join(dirname(kept.settings.output), '0001.jpg'))).toBe(true);
});
