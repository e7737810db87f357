import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { WATCH_METRICS } from '../../../src/addon/watch-folder/catalogue';
import type { Job, JobRequest } from '../../../src/shared/jobs';
import { needs } from '../../helpers/needs';
import { sampleJob } from '../../helpers/samples';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { createFixture, type Fixture } from '../../main/addons/fixture';

const ID = 'watch-folder';

interface Setup {
  readonly f: Fixture;
  readonly folder: string;
  readonly jobs: Job[];
  end(id: number, state: Job['state'], reason?: string): void;
}

/** The add-on in a process of its own, with a host that takes every scene without “bad” in its name. */
async function setup({ sandbox = false } = {}): Promise<Setup> {
  const folder = temporaryFolder();
  const jobs: Job[] = [];
  const f = await createFixture(
    {},
    {
      sandbox,
      host: {
        snapshot: () => f.snapshot,
        families: async () => [],
        async call(operation, input) {
          const refused = (message: string, kind: 'failed' | 'not-found' = 'failed') =>
            ({ ok: false, error: { message, kind } }) as const;
          if (operation === 'job.submit') {
            const { scene, frames } = input as JobRequest;
            if (scene.includes('bad')) return refused('It is no scene.');
            const job = sampleJob(
              { id: jobs.length + 1, state: 'queued', createdAt: Date.now() },
              { scene, frames: frames ?? '1-48' },
            );
            jobs.push(job);
            return { ok: true, value: job };
          }
          if (operation === 'job.list') return { ok: true, value: { jobs, total: jobs.length } };
          const { id } = input as { id: number };
          const job = jobs.find((one) => one.id === id);
          return job ? { ok: true, value: job } : refused(`There is no job ${id}.`, 'not-found');
        },
        image: async () => null,
      },
    },
  );
  onTestFinished(() => f.close());
  for (const [key, value] of Object.entries({ folder, pollSeconds: 0.1, stableSeconds: 0.2, frames: '1-3' }))
    await f.manager.setPreference(ID, key, value);
  const addon = await f.manager.enable(ID);
  expect(addon.reason).toBeNull();
  return {
    f,
    folder,
    jobs,
    end(id, state, reason) {
      const job = { ...jobs[id - 1]!, state, reason: reason ?? null };
      jobs[id - 1] = job;
      f.emit('job_state', { job: { id, name: job.name, state } });
    },
  };
}

test('what is dropped is rendered by the template and put away, and the panel tells of it', async () => {
  const { f, folder, jobs, end } = await setup();
  writeFileSync(join(folder, 'shot.glb'), 'scene');
  writeFileSync(join(folder, 'bad.glb'), 'scene');
  const busy = await f.until(ID, ({ status }) => status?.text === `Watching ${folder}: 1 job.`);
  expect(busy.status!.details).toContainEqual(
    expect.objectContaining({
      label: 'Last failure',
      value: expect.stringMatching(/^bad\.glb, .*: It is no scene\.$/) as string,
    }),
  );
  expect(jobs).toMatchObject([{ settings: { scene: join(folder, 'shot.glb'), frames: '1-3' } }]);
  // Another scene that is loaded must not take the handler away.
  f.emit('load_pre');
  f.emit('load_post');
  end(1, 'completed');
  await f.logged(ID, 'shot.glb” was moved to');
  expect(readdirSync(join(folder, 'done'))).toEqual(['shot.glb']);
  expect(readdirSync(join(folder, 'failed')).sort()).toEqual(['bad.glb', 'bad.glb.txt']);
  const idle = await f.until(ID, ({ status }) => status?.text === `Watching ${folder}.`);
  expect(idle.status).toMatchObject({ level: 'ok' });
});

test('disabled and enabled again it takes nothing twice, and puts away what ended meanwhile', async () => {
  const { f, folder, jobs, end } = await setup();
  writeFileSync(join(folder, 'shot.glb'), 'scene');
  await f.logged(ID, '“shot.glb” is job 1.');
  await f.manager.disable(ID);
  end(1, 'failed', 'The disk is full.');
  await f.manager.enable(ID);
  await f.logged(ID, 'was moved to');
  expect(jobs).toHaveLength(1);
  expect(await readFile(join(folder, 'failed/shot.glb.txt'), 'utf8')).toBe('Job 1 has failed. The disk is full.\n');
});

needs.bubblewrap('in the sandbox', () => {
  test('scenes are taken and put away too', async () => {
    const { f, folder, end } = await setup({ sandbox: true });
    expect(f.manager.get(ID).isolation).toEqual({ level: 'sandboxed', network: 'closed' });
    writeFileSync(join(folder, 'shot.glb'), 'scene');
    writeFileSync(join(folder, 'bad.glb'), 'scene');
    await f.logged(ID, '“shot.glb” is job 1.');
    end(1, 'completed');
    await f.logged(ID, 'shot.glb” was moved to');
    expect(readdirSync(join(folder, 'done'))).toEqual(['shot.glb']);
    expect(readdirSync(join(folder, 'failed')).sort()).toEqual(['bad.glb', 'bad.glb.txt']);
  });
});

needs.bubblewrap('in the sandbox', () => {
  test('a folder that is away is taken up when it is there again', async () => {
    const { f, folder } = await setup({ sandbox: true });
    await f.until(ID, ({ status }) => status?.text === `Watching ${folder}.`);
    renameSync(folder, `${folder}-away`);
    // As the host does every 10 seconds.
    await f.manager.foldersChanged();
    await f.until(ID, ({ status }) => status?.level === 'warning');
    mkdirSync(folder);
    await f.manager.foldersChanged();
    writeFileSync(join(folder, 'shot.glb'), 'scene');
    await f.logged(ID, '“shot.glb” is job 1.');
    rmSync(`${folder}-away`, { recursive: true });
  });
});

test('a folder that is away is told of, and taken up when it is there again', async () => {
  const { f, folder } = await setup();
  await f.until(ID, ({ status }) => status?.text === `Watching ${folder}.`);
  renameSync(folder, `${folder}-away`);
  const away = await f.until(ID, ({ status }) => status?.level === 'warning');
  expect(away.status!.text).toContain('is not there at the moment');
  renameSync(`${folder}-away`, folder);
  writeFileSync(join(folder, 'shot.glb'), 'scene');
  await f.logged(ID, '“shot.glb” is job 1.');
});

test('without a folder, or with a part of a path, it says so', async () => {
  const { f } = await setup();
  const relative = await f.manager.setPreference(ID, 'folder', 'scenes/here');
  expect(relative.status).toMatchObject({
    level: 'warning',
    text: expect.stringContaining('is no full path') as string,
  });
  const none = await f.manager.setPreference(ID, 'folder', '');
  expect(none.status!.text).toBe('No folder is watched yet: choose one.');
  expect(existsSync('scenes/here')).toBe(false);
});

test('the manual lists every metric', async () => {
  const manual = await readFile(resolve(import.meta.dirname, '../../../docs/addons/watch-folder.md'), 'utf8');
  for (const { name, type, help, labelNames } of Object.values(WATCH_METRICS))
    expect(manual).toContain(
      `| \`${name}\` | ${type} | ${labelNames.map((label) => `\`${label}\``).join(', ') || '–'} | ${help} |`,
    );
});
