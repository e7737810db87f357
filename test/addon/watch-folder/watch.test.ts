import { execFileSync } from 'node:child_process';
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openLedger } from '../../../src/addon/watch-folder/ledger';
import { createWatch, type Watch, type WatchEvent } from '../../../src/addon/watch-folder/watch';
import { scanFolder } from '../../../src/addon/watch-folder/scan-folder';
import type { Job } from '../../../src/shared/jobs';
import { temporaryFolder } from '../../helpers/temporary-folder';

type KnownJob = Pick<Job, 'id' | 'state' | 'reason'> & { readonly scene: string; readonly createdAt: number };

interface Setup {
  readonly folder: string;
  readonly storage: string;
  readonly jobs: KnownJob[];
  readonly events: WatchEvent[];
  watch: Watch;
  /** Seconds of the monotonic clock. */
  time: number;
  /** Code of the error with which the file system fails to tell of a file; null when it does not. */
  fails: string | null;
  /** Looks twice, long enough apart for what is there to be complete. */
  settle(): ReturnType<Watch['look']>;
  /** A new process, with the ledger of the last one. */
  restart(): Promise<void>;
  end(id: number, state: Job['state'], reason?: string): void;
  put(name: string, text?: string): void;
}

const refusal = (scene: string): string | null => (scene.includes('bad') ? 'It is no scene.' : null);

async function setup(): Promise<Setup> {
  const folder = temporaryFolder();
  const storage = temporaryFolder();
  const aborter = new AbortController();
  const setup: Setup = {
    folder,
    storage,
    jobs: [],
    events: [],
    watch: null as never,
    time: 0,
    fails: null,
    async settle() {
      await setup.watch.look();
      setup.time += 20;
      return setup.watch.look();
    },
    async restart() {
      setup.watch = createWatch({
        folder,
        ledger: await openLedger(storage),
        async submit({ scene }) {
          const reason = refusal(scene);
          if (reason !== null) throw new Error(reason);
          const job: KnownJob = {
            id: setup.jobs.length + 1,
            state: 'queued',
            reason: null,
            scene,
            createdAt: Date.now(),
          };
          setup.jobs.push(job);
          return job;
        },
        job: async (id) => setup.jobs.find((job) => job.id === id) ?? null,
        jobOf: async (scene, since) => setup.jobs.find((job) => job.scene === scene && job.createdAt >= since) ?? null,
        request: (name) => ({ scene: join(folder, name) }),
        stableSeconds: () => 10,
        told: (event) => setup.events.push(event),
        signal: aborter.signal,
        now: () => setup.time * 1_000,
        scan: (path) =>
          scanFolder(path, async (file) => {
            if (setup.fails !== null) throw Object.assign(new Error(`${setup.fails}: a test`), { code: setup.fails });
            return lstatSync(file);
          }),
      });
      await setup.watch.reconcile();
    },
    end(id, state, reason = null as never) {
      const index = setup.jobs.findIndex((job) => job.id === id);
      setup.jobs[index] = { ...setup.jobs[index]!, state, reason };
      setup.watch.ended(id);
    },
    put: (name, text = 'scene') => writeFileSync(join(folder, name), text),
  };
  await setup.restart();
  return setup;
}

const scenes = ({ jobs, folder }: Setup): string[] => jobs.map(({ scene }) => scene.slice(folder.length + 1));
const tree = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();

describe('a scene', () => {
  test('becomes a job once it has not changed for a while', async () => {
    const s = await setup();
    s.put('shot.blend', 'half');
    expect(await s.watch.look()).toMatchObject({ waiting: 1, open: 0 });
    s.time = 9;
    s.put('shot.blend', 'half and more');
    await s.watch.look();
    s.time = 18;
    await s.watch.look();
    expect(s.jobs).toEqual([]);
    // The same size, but another time.
    utimesSync(join(s.folder, 'shot.blend'), 1, 1);
    await s.watch.look();
    s.time = 27;
    await s.watch.look();
    expect(s.jobs).toEqual([]);
    s.time = 28;
    expect(await s.watch.look()).toMatchObject({ waiting: 0, open: 1 });
    expect(scenes(s)).toEqual(['shot.blend']);
    s.time = 100;
    await s.watch.look();
    expect(s.jobs).toHaveLength(1);
  });

  test('that is empty waits', async () => {
    const s = await setup();
    s.put('shot.glb', '');
    expect(await s.settle()).toMatchObject({ waiting: 1, open: 0 });
  });

  test('is moved to done/ when its job is done, to failed/ with the reason when it has failed', async () => {
    const s = await setup();
    for (const name of ['a.glb', 'b.glb', 'c.glb']) s.put(name);
    await s.settle();
    const id = (name: string): number => scenes(s).indexOf(name) + 1;
    s.end(id('a.glb'), 'completed');
    s.end(id('b.glb'), 'failed', 'The disk is full.');
    s.end(id('c.glb'), 'cancelled');
    expect(await s.watch.look()).toMatchObject({ waiting: 0, open: 0, trouble: null });
    expect(tree(s.folder)).toEqual([
      'done/a.glb',
      'failed/b.glb',
      'failed/b.glb.txt',
      'failed/c.glb',
      'failed/c.glb.txt',
    ]);
    expect(readFileSync(join(s.folder, 'failed/b.glb.txt'), 'utf8')).toBe(
      `Job ${id('b.glb')} has failed. The disk is full.\n`,
    );
  });

  test('that cannot be rendered goes to failed/ at once', async () => {
    const s = await setup();
    s.put('bad.blend');
    await s.settle();
    expect(tree(s.folder)).toEqual(['failed/bad.blend', 'failed/bad.blend.txt']);
    expect(readFileSync(join(s.folder, 'failed/bad.blend.txt'), 'utf8')).toBe('It is no scene.\n');
    expect(s.events.map(({ what }) => what)).toEqual(['refused', 'moved']);
  });

  test('never replaces another one', async () => {
    const s = await setup();
    mkdirSync(join(s.folder, 'done'));
    writeFileSync(join(s.folder, 'done/shot.glb'), 'mine');
    writeFileSync(join(s.folder, 'done/shot (2).glb'), 'mine too');
    s.put('shot.glb', 'new');
    await s.settle();
    s.end(1, 'completed');
    await s.watch.look();
    const read = (name: string): string => readFileSync(join(s.folder, 'done', name), 'utf8');
    expect([read('shot.glb'), read('shot (2).glb'), read('shot (3).glb')]).toEqual(['mine', 'mine too', 'new']);
  });

  test('of the same name may come again', async () => {
    const s = await setup();
    s.put('shot.glb', 'first');
    await s.settle();
    s.end(1, 'completed');
    await s.watch.look();
    s.put('shot.glb', 'second');
    await s.settle();
    expect(s.jobs).toHaveLength(2);
  });

  test('that replaces one which is being rendered is a new one', async () => {
    const s = await setup();
    s.put('shot.glb', 'first');
    await s.settle();
    s.put('shot.glb', 'second, longer');
    s.end(1, 'completed');
    await s.settle();
    s.time += 20;
    await s.watch.look();
    expect(s.jobs).toHaveLength(2);
    expect(tree(s.folder)).toEqual(['shot.glb']);
  });

  test('whose job was removed goes to failed/', async () => {
    const s = await setup();
    s.put('shot.glb');
    await s.settle();
    s.jobs.length = 0;
    await s.watch.reconcile();
    await s.watch.look();
    expect(tree(s.folder)).toEqual(['failed/shot.glb', 'failed/shot.glb.txt']);
  });
});

describe('a restart', () => {
  test('takes nothing twice, and puts away what ended meanwhile', async () => {
    const s = await setup();
    s.put('a.glb');
    s.put('b.glb');
    await s.settle();
    s.jobs[0] = { ...s.jobs[0]!, state: 'completed' };
    await s.restart();
    await s.settle();
    expect(s.jobs).toHaveLength(2);
    expect(tree(s.folder).filter((path) => path.startsWith('done/'))).toHaveLength(1);
  });

  test('between submitting and noting it finds the job; before it, submits the scene', async () => {
    const s = await setup();
    s.put('a.glb');
    s.put('b.glb');
    await s.settle();
    // As the ledger was before the answers came.
    const path = join(s.storage, 'ledger.json');
    const entries = JSON.parse(readFileSync(path, 'utf8')) as { job: number | null }[];
    writeFileSync(path, JSON.stringify(entries.map((entry) => ({ ...entry, job: null }))));
    s.jobs.pop();
    await s.restart();
    await s.settle();
    expect(scenes(s).sort()).toEqual(['a.glb', 'b.glb']);
  });

  test('with a ledger that cannot be read says so instead of rendering everything again', async () => {
    const s = await setup();
    writeFileSync(join(s.storage, 'ledger.json'), '[{}]');
    await expect(openLedger(s.storage)).rejects.toThrow('The list of the scenes that were taken cannot be read');
  });
});

describe('the folder', () => {
  test('that does not tell of a file for a moment does not have it rendered again', async () => {
    const s = await setup();
    s.put('a.glb');
    await s.settle();
    s.end(1, 'completed');
    s.fails = 'EIO';
    expect(await s.watch.look()).toMatchObject({
      ignored: 0,
      open: 0,
      trouble: '“a.glb” cannot be looked at: EIO: a test',
    });
    s.fails = null;
    expect(await s.settle()).toMatchObject({ waiting: 0, trouble: null });
    expect(s.jobs).toHaveLength(1);
    expect(tree(s.folder)).toEqual(['done/a.glb']);
    // What vanishes while it is looked at is no trouble.
    s.put('b.glb');
    s.fails = 'ENOENT';
    expect(await s.watch.look()).toMatchObject({ waiting: 0, ignored: 0, trouble: null });
  });

  test('may be away for a while', async () => {
    const s = await setup();
    s.put('a.glb');
    await s.settle();
    renameSync(s.folder, `${s.folder}-away`);
    await expect(s.watch.look()).rejects.toMatchObject({ code: 'ENOENT' });
    s.end(1, 'completed');
    await expect(s.watch.look()).rejects.toMatchObject({ code: 'ENOENT' });
    renameSync(`${s.folder}-away`, s.folder);
    await s.watch.reconcile();
    await s.watch.look();
    expect(tree(s.folder)).toEqual(['done/a.glb']);
  });

  test('hides what is no scene file: links, folders, pipes, hidden and other files', async () => {
    const s = await setup();
    const elsewhere = temporaryFolder();
    writeFileSync(join(elsewhere, 'secret.blend'), 'x');
    symlinkSync(join(elsewhere, 'secret.blend'), join(s.folder, 'link.blend'));
    mkdirSync(join(s.folder, 'folder.blend'));
    execFileSync('mkfifo', [join(s.folder, 'pipe.glb')]);
    s.put('.hidden.blend');
    s.put('notes.txt');
    s.put('shot.blend1');
    expect(await s.settle()).toMatchObject({ waiting: 0, open: 0, ignored: 3 });
    expect(s.jobs).toEqual([]);
  });

  test('takes names of every kind', async () => {
    const s = await setup();
    const names = [
      'a b.glb',
      '#1.glb',
      'ü☂.blend',
      'quo\'te".glb',
      'new\nline.glb',
      'UPPER.GLB',
      '-rf.blend',
      '%s.gltf',
    ];
    for (const name of names) s.put(name);
    await s.settle();
    expect(scenes(s).sort()).toEqual([...names].sort());
    for (const { id } of s.jobs) s.end(id, 'completed');
    await s.watch.look();
    expect(tree(s.folder)).toEqual(names.map((name) => `done/${name}`).sort());
  });

  test('with a link for done/ keeps its scenes', async () => {
    const s = await setup();
    const elsewhere = temporaryFolder();
    symlinkSync(elsewhere, join(s.folder, 'done'));
    s.put('a.glb');
    await s.settle();
    s.end(1, 'completed');
    expect((await s.watch.look()).trouble).toContain('is no folder');
    expect(readdirSync(elsewhere)).toEqual([]);
    expect(readdirSync(s.folder)).toContain('a.glb');
  });

  test('of 10,000 scenes has 200 unfinished jobs at a time', async () => {
    const s = await setup();
    for (let i = 0; i < 10_000; i++) s.put(`${i}.glb`);
    expect(await s.settle()).toMatchObject({ open: 200, waiting: 9_800 });
    expect(await s.settle()).toMatchObject({ open: 200, waiting: 9_800 });
    for (const { id } of s.jobs.slice()) s.end(id, 'completed');
    expect(await s.watch.look()).toMatchObject({ open: 200, waiting: 9_600 });
    expect(readdirSync(join(s.folder, 'done'))).toHaveLength(200);
  }, 60_000);
});
