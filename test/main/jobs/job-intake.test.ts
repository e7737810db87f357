import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makePng } from '../../helpers/png';
import { paperEngine } from '../../helpers/paper-engine';
import { paperJob } from '../../helpers/paper-queue';
import { makeParts } from '../../helpers/queue-parts';

/** Somebody's image of frame 1 in the output folder. */
function occupy(folder: string): void {
  mkdirSync(join(folder, 'out'), { recursive: true });
  writeFileSync(join(folder, 'out', '0001.png'), makePng(8, 6, 200));
}

describe('taking a job', () => {
  it('writes it down with what its pictures are made of and where they go', async () => {
    const { intake, store, folder } = makeParts();
    const job = await intake.take({ ...paperJob(folder), priority: 3, warnings: ['No texture.'] }, {});
    expect(job).toMatchObject({ id: 1, state: 'queued', priority: 3, warnings: ['No texture.'] });
    expect([store.folder(1), existsSync(join(folder, 'out'))]).toEqual([join(folder, 'out'), true]);
    expect(store.fingerprint(1)).toMatch(/^[\w-]{16}\.[\w-]{16}$/);
  });

  it('refuses one in whose way images are, and says what can be done', async () => {
    const { intake, store, folder } = makeParts();
    occupy(folder);
    await expect(intake.take(paperJob(folder), {})).rejects.toThrow(/0001\.png is there already.*another output\.$/);
    await expect(intake.take(paperJob(folder), { copied: true })).rejects.toThrow(/\(--keep-existing\)\.$/);
    expect(store.ids()).toEqual([]);
  });

  it('says which files lie where its scene’s further ones go, with a new version those of that', async () => {
    const { intake, folder } = makeParts({
      engines: new Map([['gltf', { ...paperEngine(), furtherFiles: async () => [join(folder, 'z', 'depth_##.png')] }]]),
    });
    const write = (...names: string[]): void => {
      for (const name of names) {
        mkdirSync(dirname(join(folder, name)), { recursive: true });
        writeFileSync(join(folder, name), 'holiday');
      }
    };
    // Frame 9 is not this job's.
    write('z/depth_01.png', 'z/depth_03.png', 'z/depth_09.png');
    const warnings = async (...given: Parameters<typeof intake.take>): Promise<readonly string[]> =>
      (await intake.take(...given)).warnings;
    const sentence = (first: string, more: string): string =>
      `Files lie where the scene’s File Output nodes write (${join(folder, first)}${more}): this job keeps them, and its own are missing then. Move them away, or let the job overwrite.`;
    expect(await warnings(paperJob(folder), {})).toEqual([sentence('z/depth_01.png', ', and 1 more')]);
    const anew = (samples: number) => paperJob(folder, { samples });
    expect(await warnings(anew(2), { newVersion: true })).toEqual([]);
    write('z/v003/depth_02.png');
    expect(await warnings(anew(3), { newVersion: true })).toEqual([sentence('z/v003/depth_02.png', '')]);
    for (const way of ['overwrite', 'preview'])
      expect(await warnings(paperJob(folder, { output: join(folder, way, '####.png'), [way]: true }), {})).toEqual([]);
  });

  it('refuses one whose output can’t be written to', async () => {
    const { intake, store, folder } = makeParts();
    writeFileSync(join(folder, 'out'), 'a file');
    await expect(intake.take(paperJob(folder), {})).rejects.toThrow(/cannot be written/);
    expect(store.ids()).toEqual([]);
  });

  it('refuses one whose images have names that are too long, before anything is made', async () => {
    const { intake, store, folder } = makeParts();
    for (const name of ['x'.repeat(251), join('x'.repeat(300), '####')]) {
      const job = paperJob(folder, { output: join(folder, 'out', `${name}.png`) });
      for (const check of [intake.planNew.bind(intake), intake.take.bind(intake)])
        await expect(check(job, {})).rejects.toThrow(/too long, choose a shorter output\.$/);
    }
    expect([store.ids(), existsSync(join(folder, 'out'))]).toEqual([[], false]);
  });

  it('refuses one that is to come after a job that isn’t there', async () => {
    const { intake, folder } = makeParts();
    await expect(intake.take({ ...paperJob(folder), after: [4] }, {})).rejects.toMatchObject({
      message: 'There is no job 4 that this one could come after.',
      kind: 'arguments',
    });
  });

  it('lets those that are taken at once see each other, also after one that was refused', async () => {
    const { intake, folder } = makeParts();
    const outcomes = await Promise.allSettled([
      intake.take({ ...paperJob(folder), after: [9] }, {}),
      intake.take(paperJob(folder), {}),
      intake.take(paperJob(folder, { samples: 2 }), {}),
      intake.take(paperJob(folder, { samples: 3 }), { newVersion: true }),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
    expect(outcomes[3]).toMatchObject({ value: { settings: { output: join(folder, 'out', 'v002', '####.png') } } });
  });
});

describe('a copy of a job', () => {
  it('has its rank, and comes after the same jobs as far as they are there', () => {
    const { intake, store, add } = makeParts();
    for (const frames of ['1', '2']) add({ frames });
    const job = add({ frames: '3' }, { after: [1, 2], priority: 5, startAt: 99, warnings: ['No texture.'] });
    store.remove(1);
    expect(intake.copyOf(job, job.settings, {})).toEqual({
      name: 'paper',
      note: '',
      engine: 'gltf',
      settings: job.settings,
      priority: 5,
      after: [2],
      startAt: 99,
      warnings: ['No texture.'],
    });
  });

  it.each([
    [{}, { overwrite: true, keepExisting: false }],
    [{ newVersion: true }, { overwrite: false, keepExisting: false }],
    [{ keepExisting: true }, { overwrite: false, keepExisting: true }],
    [{ overwrite: true }, { overwrite: true, keepExisting: false }],
  ])('of one that overwrites, with %j, has %j', (way, expected) => {
    const { intake, add } = makeParts();
    const job = add({ overwrite: true });
    expect(intake.copyOf(job, job.settings, way).settings).toMatchObject(expected);
  });
});

describe('a job that is there', () => {
  it('may not come after one that waits for it', () => {
    const { intake, add } = makeParts();
    add({ frames: '1' });
    add({ frames: '2' }, { after: [1] });
    add({ frames: '3' }, { after: [2] });
    expect(() => intake.checkAfter(1, [3])).toThrow(/wait for each other for ever: 1 → 3 → 2 → 1\. Leave one/);
    expect(() => intake.checkAfter(1, [1])).toThrow(/1 → 1/);
    expect(() => intake.checkAfter(3, [1, 2])).not.toThrow();
  });

  it('is not in its own way, but others are, and it is said what can be done then', async () => {
    const { intake, folder, add } = makeParts();
    const job = add();
    const chosen = await intake.checkOutput(job, job.settings, {}, true);
    expect([chosen.folder, chosen.conflict]).toEqual([dirname(job.settings.output), null]);
    occupy(folder);
    await expect(intake.checkOutput(job, job.settings, {}, true)).rejects.toThrow(/Duplicate job 1 to render a new/);
    await expect(intake.checkOutput(job, job.settings, {}, false)).rejects.toThrow(/choose another output\.$/);
    expect((await intake.checkOutput(job, job.settings, { newVersion: true }, false)).settings.output).toBe(
      join(folder, 'out', 'v002', '####.png'),
    );
  });
});
