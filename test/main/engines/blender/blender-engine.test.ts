import { existsSync, readFileSync } from 'node:fs';
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { isAlive } from '../../../../src/main/processes/is-alive';
import type { BlendFacts } from '../../../../src/main/engines/blender/blend-facts';
import { type BlenderStart, createBlenderEngine } from '../../../../src/main/engines/blender/blender-engine';
import type { Worker, WorkerExit, WorkerNeed } from '../../../../src/main/engines/render-engine';
import { UserError } from '../../../../src/shared/user-error';
import { blendBytes } from '../../../helpers/blend-bytes';
import { sampleSettings } from '../../../helpers/samples';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** What tells a version as Blender does; asked for anything else, it does what a test wants. */
async function fakeBlender(folder: string, version: string, otherwise = 'exit 0'): Promise<string> {
  const path = join(folder, `blender-${version}`);
  await writeFile(path, `#!/bin/sh\nif [ "$1" = --version ]; then echo "Blender ${version}"; exit; fi\n${otherwise}\n`);
  await chmod(path, 0o755);
  return path;
}

/** A worker that can do nothing but end. */
function paperWorker(): Worker & { stopped: number } {
  let end: (exit: WorkerExit) => void = () => undefined;
  const worker = {
    stopped: 0,
    exited: new Promise<WorkerExit>((resolve) => {
      end = resolve;
    }),
    render: () => Promise.reject(new Error('never')),
    usage: () => Promise.resolve(null),
    stop() {
      worker.stopped++;
      end({ reason: 'stopped', message: 'The worker was stopped.' });
      return Promise.resolve();
    },
  };
  return worker;
}

function engineOf(
  folder: string,
  registered: () => string,
  startWorker: (start: BlenderStart, onStarted: () => void) => Promise<Worker> = () => Promise.resolve(paperWorker()),
): ReturnType<typeof createBlenderEngine> {
  return createBlenderEngine({
    registered,
    locations: { env: { PATH: '' }, platform: 'linux', home: folder, root: join(folder, 'root') },
    startWorker,
  });
}

describe('the number of workers', () => {
  const need = { cores: 8, rendered: 1, level: 8 };
  it.each<[string, Partial<WorkerNeed>, string | null, number]>([
    ['before the first frame told what it takes', { rendered: 0 }, null, 1],
    ['on a graphics card', {}, 'eevee', 1],
    ['with as many as give the most', { level: 3 }, 'cycles', 3],
    ['with a worker for every second core at most', {}, null, 4],
    ['with two on two cores', { cores: 2 }, null, 2],
    ['with one on one core', { cores: 1 }, null, 1],
  ])('is one that helps %s', (_what, change, renderEngine, expected) => {
    const engine = engineOf(temporaryFolder(), () => '');
    expect(engine.workerLimit(sampleSettings({ renderEngine }), { ...need, ...change })).toBe(expected);
  });
});

describe('a Blender that was replaced', () => {
  it('renders nothing as the version that it was, and is found as what it is', async () => {
    const folder = temporaryFolder();
    const path = await fakeBlender(folder, '4.2.1');
    const workers: ReturnType<typeof paperWorker>[] = [];
    const engine = engineOf(
      folder,
      () => path,
      () => {
        workers.push(paperWorker());
        return Promise.resolve({ ...workers.at(-1)!, version: '4.5.0' });
      },
    );
    const versions = async (): Promise<unknown[]> => (await engine.list()).map(({ version }) => version);
    expect(await versions()).toEqual(['4.2.1']);
    await writeFile(path, '#!/bin/sh\necho "Blender 4.5.0"\n');
    const setup = engine.setupOf(sampleSettings({ installation: null }));
    await expect(engine.startWorker(setup)).rejects.toThrow(/was Blender 4\.2\.1 and is Blender 4\.5\.0 now/);
    expect([workers.map(({ stopped }) => stopped), await versions()]).toEqual([[1], ['4.5.0']]);
    await engine.startWorker(setup);
    expect(workers.map(({ stopped }) => stopped)).toEqual([1, 0]);
    await engine.close();
  });
});

describe('a worker that is started ahead', () => {
  async function withStarts(
    startWorker: (onStarted: () => void) => Promise<Worker> = () => Promise.resolve(paperWorker()),
  ) {
    const folder = temporaryFolder();
    const path = await fakeBlender(folder, '3.4.1');
    const starts: BlenderStart[] = [];
    const engine = engineOf(
      folder,
      () => path,
      (start, onStarted) => {
        starts.push(start);
        return startWorker(onStarted);
      },
    );
    return { engine, starts, usual: engine.setupOf(sampleSettings()) };
  }

  it('is the one that the job gets, once', async () => {
    const { engine, starts, usual } = await withStarts();
    engine.prepare!({ scene: '/shot.blend' });
    engine.prepare!({ scene: '/shot.blend' });
    const worker = await engine.startWorker(usual);
    expect(starts).toHaveLength(1);
    expect(await engine.startWorker(usual)).not.toBe(worker);
    expect(starts).toHaveLength(2);
    await engine.close();
  });

  it('counts as prepared once its process comes up, long before it can render, or as soon as it can not', async () => {
    let ready: (worker: Worker) => void = () => undefined;
    const { engine } = await withStarts((onStarted) => {
      onStarted();
      return new Promise((resolve) => (ready = resolve));
    });
    await engine.prepare!({ scene: '/shot.blend' });
    ready(paperWorker());
    await engine.close();

    const broken = await withStarts(() => Promise.reject(new Error('no memory')));
    await broken.engine.prepare!({ scene: '/shot.blend' });
    await broken.engine.close();
  });

  it('is of no use to a job of another kind, and ends with the engine', async () => {
    const { engine, starts } = await withStarts();
    engine.prepare!({ scene: '/shot.blend' });
    await engine.startWorker(engine.setupOf(sampleSettings({ factoryStartup: true })));
    expect(starts.map(({ factoryStartup }) => factoryStartup).sort()).toEqual([false, true]);
    await engine.close();
    engine.prepare!({ scene: '/shot.blend' });
    expect(starts).toHaveLength(2);
  });

  it('is started anew where it has failed or ended meanwhile', async () => {
    let fails = true;
    const { engine, starts, usual } = await withStarts(() =>
      fails ? Promise.reject(new Error('no memory')) : Promise.resolve(paperWorker()),
    );
    engine.prepare!({ scene: '/shot.blend' });
    await expect(engine.startWorker(usual)).rejects.toThrow('no memory');
    expect(starts).toHaveLength(2);
    fails = false;
    const first = await engine.startWorker(usual);
    await first.stop();
    engine.prepare!({ scene: '/shot.blend' });
    expect(await engine.startWorker(usual)).not.toBe(first);
    await engine.close();
  });
});

describe('a worker that is started ahead of a job whose file nobody has looked into', () => {
  /** What a Blender without a scene in particular tells; enough to tell it from none. */
  const facts = { activeScene: 'Told by the worker', scenes: [{}], needed: [], missing: [] } as unknown as BlendFacts;

  async function engineWith(tell: () => Promise<BlendFacts | null>) {
    const folder = temporaryFolder();
    const scene = join(folder, 'cat.blend');
    await writeFile(scene, blendBytes());
    const path = await fakeBlender(folder, '3.4.1', 'exit 11');
    const asked: unknown[] = [];
    const engine = engineOf(
      folder,
      () => path,
      () => Promise.resolve({ ...paperWorker(), facts: (...given: unknown[]) => (asked.push(given), tell()) }),
    );
    const setup = engine.setupOf(sampleSettings());
    return { engine, scene, setup, asked };
  }
  const sources = ({ engine, scene }: Awaited<ReturnType<typeof engineWith>>): Promise<unknown> =>
    engine.sources!(sampleSettings({ scene, installation: null }));

  it('looks into it, in place of another Blender', async () => {
    const made = await engineWith(async () => facts);
    await made.engine.prepare!({ scene: made.scene });
    expect(await sources(made)).toMatchObject([{ path: made.scene }]);
    expect(made.asked).toEqual([[made.scene, 'Blender 3.4.1']]);
    await made.engine.close();
  });

  it('leaves it to another where it can’t tell, or where scripts of files run in it', async () => {
    const made = await engineWith(async () => null);
    await made.engine.prepare!({ scene: made.scene });
    await expect(sources(made)).rejects.toThrow('ended with exit code 11');
    expect(made.asked).toHaveLength(1);
    await made.engine.close();
    const scripted = await engineWith(async () => facts);
    await scripted.engine.prepare!({ scene: scripted.scene, allowScripts: true });
    await expect(sources(scripted)).rejects.toThrow('ended with exit code 11');
    expect(scripted.asked).toEqual([]);
    await scripted.engine.close();
  });

  it('keeps no other job waiting, and is closed all the same', async () => {
    const made = await engineWith(() => new Promise(() => undefined));
    await made.engine.prepare!({ scene: made.scene });
    const looked = sources(made).catch((error: unknown) => error);
    await expect.poll(() => made.asked.length).toBe(1);
    await made.engine.startWorker(made.setup);
    await made.engine.close();
    expect(await looked).toBeInstanceOf(UserError);
  });
});

describe('the Blender engine', () => {
  it('starts workers as their jobs want them', async () => {
    const folder = temporaryFolder();
    const [a, b] = [await fakeBlender(folder, '3.4.1'), await fakeBlender(folder, '4.2.0')];
    const starts: BlenderStart[] = [];
    const engine = engineOf(
      folder,
      () => `${a};${b}`,
      (start) => {
        starts.push(start);
        return Promise.resolve(paperWorker());
      },
    );
    const usual = engine.setupOf(sampleSettings());
    const special = engine.setupOf(
      sampleSettings({ installation: 'blender-4.2.0', allowScripts: true, factoryStartup: true }),
    );
    await engine.startWorker(usual);
    await engine.startWorker(special);
    expect(starts).toEqual([
      { executable: a, version: '3.4.1', allowScripts: false, factoryStartup: false },
      { executable: b, version: '4.2.0', allowScripts: true, factoryStartup: true },
    ]);
    expect(engine.setupOf(sampleSettings({ scene: '/other.blend', samples: 99, frames: '7' }))).toBe(usual);
    // What scripts leave in a Blender must not reach another file's images.
    const scripted = engine.setupOf(sampleSettings({ allowScripts: true }));
    expect(engine.setupOf(sampleSettings({ allowScripts: true, samples: 99 }))).toBe(scripted);
    expect(engine.setupOf(sampleSettings({ allowScripts: true, scene: '/other.blend' }))).not.toBe(scripted);
    await expect(engine.startWorker(engine.setupOf(sampleSettings({ installation: 'blender-9.0.0' })))).rejects.toThrow(
      'There is no engine “blender-9.0.0” here: choose one of blender-3.4.1, blender-4.2.0.',
    );
    await engine.close();
  });

  it('goes with the usual Blender of the moment', async () => {
    const folder = temporaryFolder();
    const [a, b] = [await fakeBlender(folder, '3.4.1'), await fakeBlender(folder, '4.2.0')];
    let registered = a;
    const starts: string[] = [];
    const engine = engineOf(
      folder,
      () => registered,
      ({ executable }) => {
        starts.push(executable);
        return Promise.resolve(paperWorker());
      },
    );
    const setup = engine.setupOf(sampleSettings());
    await engine.startWorker(setup);
    registered = `${b};${a}`;
    await engine.startWorker(setup);
    expect(engine.preferencesChanged!()).toBe(true);
    await engine.startWorker(setup);
    registered = '';
    expect(engine.preferencesChanged!()).toBe(true);
    await expect(engine.startWorker(setup)).rejects.toThrow('Blender was not found on this machine');
    expect(starts).toEqual([a, a, b]);
    await engine.close();
  });

  it('stops its workers when it is closed, one that is just starting among them, and starts no more', async () => {
    const folder = temporaryFolder();
    const path = await fakeBlender(folder, '3.4.1');
    const workers = [paperWorker(), paperWorker()];
    let ready: (worker: Worker) => void = () => undefined;
    let wanted: () => void = () => undefined;
    const second = new Promise<void>((resolve) => {
      wanted = resolve;
    });
    let count = 0;
    const engine = engineOf(
      folder,
      () => path,
      () => {
        if (count++ === 0) return Promise.resolve(workers[0]!);
        wanted();
        return new Promise((resolve) => {
          ready = resolve;
        });
      },
    );
    const setup = engine.setupOf(sampleSettings());
    await engine.startWorker(setup);
    const starting = engine.startWorker(setup);
    await second;
    const closed = engine.close();
    ready(workers[1]!);
    await closed;
    await starting;
    expect(workers.map(({ stopped }) => stopped)).toEqual([1, 1]);
    await expect(engine.startWorker(setup)).rejects.toThrow('The Blender engine has been closed.');
  });

  it('ends a Blender that is looking into a file when it is closed', async () => {
    const folder = temporaryFolder();
    const started = join(folder, 'started');
    const path = await fakeBlender(
      folder,
      '3.4.1',
      `echo $$ > "${started}.tmp"; mv "${started}.tmp" "${started}"; exec sleep 600`,
    );
    const scene = join(folder, 'cat.blend');
    await writeFile(scene, blendBytes());
    const engine = engineOf(folder, () => path);
    const looked = engine.inspect(scene).catch((error: unknown) => error);
    await expect.poll(() => existsSync(started), { timeout: 60_000 }).toBe(true);
    const pid = Number(readFileSync(started, 'utf8'));
    await engine.close();
    expect(await looked).toBeInstanceOf(UserError);
    expect(isAlive(pid)).toBe(false);
  });

  it('says how a Blender ended that did not tell what is in a file', async () => {
    const folder = temporaryFolder();
    const scene = join(folder, 'cat.blend');
    await writeFile(scene, blendBytes());
    const quitting = await fakeBlender(folder, '3.4.1', 'echo "Error: it hurts" >&2; exit 11');
    const quits = engineOf(folder, () => quitting);
    await expect(quits.inspect(scene)).rejects.toThrow(
      'Blender 3.4.1 ended with exit code 11 while it opened “cat.blend” (Error: it hurts): see whether Blender itself can open it.',
    );
    const crashing = await fakeBlender(folder, '3.5.0', 'kill -SEGV $$');
    const crashes = engineOf(folder, () => crashing);
    await expect(crashes.inspect(scene)).rejects.toThrow('Blender 3.5.0 ended by SIGSEGV while it opened “cat.blend”');
    await Promise.all([quits.close(), crashes.close()]);
  });
});
