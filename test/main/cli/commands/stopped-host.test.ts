import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JobStore } from '../../../../src/main/jobs/store/job-store';
import type { Job } from '../../../../src/shared/jobs';
import { type CliResult, TURNTABLE, runCli } from '../../../helpers/cli';
import { needs, pathOf } from '../../../helpers/needs';
import { sampleSettings } from '../../../helpers/samples';
import { temporaryFolder } from '../../../helpers/temporary-folder';

/** The command line on a data folder of its own, on which no host runs. */
function onFolder(): { folder: string; cli(...args: string[]): Promise<CliResult>; job(id: number): Promise<Job> } {
  const folder = temporaryFolder();
  const cli = (...args: string[]): Promise<CliResult> => runCli([...args, '--data', join(folder, 'data')]);
  return {
    folder,
    cli,
    job: async (id) => (JSON.parse((await cli('job', String(id), '--json')).stdout) as { job: Job }).job,
  };
}
const small = ['--frames', '1-6', '--size', '64x36', '--samples', '1'];

describe('jobs on a data folder without a host', () => {
  it('are queued with every option, listed, changed, moved, duplicated and cancelled', async () => {
    const { folder, cli, job } = onFolder();
    expect(await cli('jobs')).toEqual({ code: 0, stdout: 'There are no jobs.\n', stderr: '' });

    const submitted = await cli('submit', TURNTABLE, TURNTABLE, ...small, '--output', `${folder}/x/`, '--json');
    expect(submitted.code, submitted.stderr).toBe(0);
    expect(submitted.stderr).toMatch(/^No host runs on this data folder: the queue begins as soon as one does/);
    const lines = submitted.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Job);
    expect(lines).toMatchObject([
      { id: 1, state: 'queued', settings: { frames: '1-6', width: 64, output: join(folder, 'x', '####.png') } },
      { id: 2, state: 'queued' },
    ]);

    const third = await cli(
      'submit',
      TURNTABLE,
      ...small,
      '--after',
      '1,2',
      '--priority',
      '7',
      '--start-at',
      '+2h',
      '--order',
      'middle-out',
      '--attempts',
      '5',
      '--failure-share',
      '25%',
    );
    expect(third.stdout).toMatch(
      /^Job 3 \(turntable\): queued, 0\/6 frames; waits for job 1 \(turntable\) to complete\n {2}6 frames \(1-6\) to .*####\.png\n$/,
    );
    const made = await job(3);
    expect(made).toMatchObject({
      priority: 7,
      after: [1, 2],
      settings: { order: 'middle-out', attempts: 5, failureShare: 0.25 },
    });
    expect(made.startAt! - made.createdAt).toBeGreaterThan(7_100_000);

    expect((await cli('jobs')).stdout).toMatch(
      /^ID {2}State +Name +Frames +Priority +Note\n 3 {2}queued +turntable +0\/6 +7 +waits for job 1 \(turntable\) to complete\n 1 {2}queued +turntable +0\/6\n 2 {2}queued +turntable +0\/6 +Job 1 \(turntable\), which has not ended, renders the same images to the same place: .*\n$/,
    );
    expect(
      (JSON.parse((await cli('jobs', '--state', 'queued', '--json')).stdout) as Job[]).map(({ id }) => id),
    ).toEqual([3, 1, 2]);
    expect((await cli('jobs', '--state', 'failed')).stdout).toBe('There are no jobs that are failed.\n');
    expect((await cli('queue')).stdout).toBe(
      'No host runs on this data folder; the queue goes on as soon as one does.\n3 unfinished jobs (3 queued) with 18 frames to render.\n',
    );

    expect(
      JSON.parse((await cli('edit', '3', '--after', 'none', '--start-at', 'now', '--frames', '1-2', '--json')).stdout),
    ).toMatchObject({
      id: 3,
      after: [],
      startAt: null,
      waitsFor: null,
      settings: { frames: '1-2' },
      frames: { total: 2 },
    });
    expect(await cli('move', '3', '--before', '1')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(
        /^Job 3 has the priority 7 and job 1 has 0: it is rendered before it anyway\..*\n$/,
      ) as unknown,
    });
    expect((await cli('move', '3', '--before', '1', '--take-priority')).code).toBe(0);
    expect((JSON.parse((await cli('jobs', '--json')).stdout) as Job[]).map(({ id }) => id)).toEqual([3, 1, 2]);
    expect((await cli('move', '3', '--last')).code).toBe(0);
    expect((JSON.parse((await cli('jobs', '--json')).stdout) as Job[]).map(({ id }) => id)).toEqual([1, 2, 3]);
    expect(JSON.parse((await cli('duplicate', '3', '--json')).stdout)).toMatchObject({
      id: 4,
      priority: 0,
      settings: { frames: '1-2', order: 'middle-out' },
    });

    expect((await cli('pause', '1-2')).stdout).toMatch(
      /^Job 1 \(turntable\): paused.*\nJob 2 \(turntable\): paused.*\n$/,
    );
    expect((await cli('resume', '2')).stdout).toMatch(/^Job 2 \(turntable\): queued/);
    const cancelled = await cli('cancel', '1', '4', '--json');
    expect(JSON.parse(cancelled.stdout)).toMatchObject([
      { id: 1, error: null, job: { state: 'cancelled' } },
      { id: 4, error: null, job: { state: 'cancelled' } },
    ]);
    expect((JSON.parse((await cli('history', '--json')).stdout) as Job[]).map(({ id }) => id).sort()).toEqual([1, 4]);
    expect(JSON.parse((await cli('history', '--limit', '1', '--json')).stdout) as Job[]).toHaveLength(1);
    expect((await cli('requeue', '1')).stdout).toMatch(/^Job 1 \(turntable\): queued/);
    // Those that ended lately stand above those to come.
    expect((JSON.parse((await cli('jobs', '--json')).stdout) as Job[]).map(({ id }) => id)[0]).toBe(4);
  });

  it('keep the queue paused if the preference says so, and say so if it does not', async () => {
    const { cli } = onFolder();
    await cli('prefs', 'set', 'queue.onStart', 'run');
    const noted = await cli('queue', 'pause');
    expect(noted).toMatchObject({
      code: 0,
      stdout: 'The queue is paused.\n',
      stderr: expect.stringMatching(
        /^No host runs on this data folder, and the next one lets the queue run all the same: .*\n$/,
      ) as unknown,
    });
    await cli('prefs', 'set', 'queue.onStart', 'last');
    expect(await cli('queue', 'pause')).toEqual({ code: 0, stdout: 'The queue is paused.\n', stderr: '' });
    expect(JSON.parse((await cli('queue', '--json')).stdout)).toEqual({
      state: 'paused',
      reason: null,
      secondsLeft: null,
      secondsLeftP90: null,
    });
    expect((await cli('jobs')).stdout).toBe('There are no jobs.\nThe queue is paused.\n');
    expect(JSON.parse((await cli('queue', 'resume', '--json')).stdout)).toMatchObject({ state: 'running' });
    expect(JSON.parse((await cli('queue', 'show', '--json')).stdout)).toMatchObject({ state: 'running' });
  });

  it('show the preferences that begin alike', async () => {
    const { cli } = onFolder();
    const { code, stdout } = await cli('prefs', 'get', 'repositories');
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.split(' = ')[0])).toEqual([
      'repositories.addresses',
      'repositories.onlineAccess',
      '',
    ]);
    expect(JSON.parse((await cli('prefs', 'get', 'addons.prometheus', '--json')).stdout)).toMatchObject({
      'addons.prometheus.graphiteSeconds': 60,
    });
    expect((await cli('prefs', 'get', 'addons.prom')).stderr).toContain('There is no preference “addons.prom”');
  });

  it('refuse what does not fit in a sentence', async () => {
    const { cli } = onFolder();
    expect(await cli('cancel', '8', '9')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'There is no job 8.\nThere is no job 9.\n',
    });
    expect(await cli('submit', '/nowhere/a.glb')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^[^\n]*a\.glb[^\n]*\n$/) as unknown,
    });
    expect(await cli('submit', TURNTABLE, '--after', '77')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/^[^\n]*77[^\n]*\n$/) as unknown,
    });
  });

  it('that are refused or gone do not keep the others from being queued or deleted', async () => {
    const { cli } = onFolder();
    const submitted = await cli('submit', '/nowhere/a.glb', TURNTABLE, ...small, '--json');
    expect(submitted.code).toBe(2);
    expect(submitted.stderr).toMatch(/^\/nowhere\/a\.glb: [^\n]+\nNo host runs [^\n]+\n$/);
    expect(JSON.parse(submitted.stdout)).toMatchObject({ id: 1, state: 'queued' });
    expect(await cli('delete', '1-2', '--yes')).toEqual({
      code: 2,
      stdout: 'Job 1 is deleted.\n',
      stderr:
        'There is no job 2.\nJob 1 (turntable, queued, with 6 frames not rendered) goes out of the list; its images stay.\n',
    });
    expect(await cli('history')).toMatchObject({ stdout: 'No job has ended yet.\n' });
    expect(await cli('history', '--state', 'failed')).toMatchObject({ stdout: 'There are no jobs that are failed.\n' });
    expect(await cli('history', '--state', 'queued')).toMatchObject({ code: 2 });
  });

  it('that nobody renders are not watched for ever', async () => {
    const { cli } = onFolder();
    expect(await cli('watch')).toMatchObject({ code: 0, stdout: 'The queue is empty.\n' });
    await cli('submit', TURNTABLE, ...small);
    for (const args of [['watch'], ['watch', '1']]) {
      expect(await cli(...args)).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /^No host runs on this data folder, so nothing will happen to watch[^\n]+\n$/,
        ) as unknown,
      });
    }
    await cli('cancel', '1');
    expect(await cli('watch', '1')).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Job 1 was cancelled/) as unknown,
    });
  });
});

describe('delete', () => {
  it('says what goes, and wants a yes for images where there is no terminal to ask on', async () => {
    const { cli } = onFolder();
    await cli('submit', TURNTABLE, TURNTABLE, ...small);
    expect(await cli('delete', '1', '--files')).toMatchObject({
      code: 2,
      stdout: '',
      stderr: 'Deleting images wants a yes, and there is no terminal to ask on: add --yes.\n',
    });
    expect(await cli('delete', '1')).toEqual({
      code: 0,
      stdout: 'Job 1 is deleted.\n',
      stderr: 'Job 1 (turntable, queued, with 6 frames not rendered) goes out of the list; its images stay.\n',
    });
    expect(JSON.parse((await cli('delete', '2', '--files', '--yes', '--json')).stdout)).toEqual([
      { id: 2, filesDeleted: 0, error: null },
    ]);
    expect((await cli('jobs')).stdout).toBe('There are no jobs.\n');
  });

  needs.terminal('on a terminal', () => {
    it('asks, and does nothing without a yes', async () => {
      const { folder, cli } = onFolder();
      await cli('submit', TURNTABLE, ...small);
      const onTerminal = async (answer: string): Promise<{ code: number | null; text: string }> => {
        const bin = resolve(import.meta.dirname, '../../../../bin/framegauge.mjs');
        const child = spawn(
          pathOf('terminal'),
          ['-qec', `"${process.execPath}" "${bin}" delete 1 --data "${join(folder, 'data')}"`, '/dev/null'],
          { stdio: ['pipe', 'pipe', 'inherit'] },
        );
        let text = '';
        child.stdout.setEncoding('utf8').on('data', (part: string) => {
          text += part;
          if (text.includes('[y/N]') && child.stdin.writable) child.stdin.end(`${answer}\n`);
        });
        const [code] = (await once(child, 'close')) as [number | null];
        return { code, text };
      };
      const no = await onTerminal('n');
      expect(no.text).toContain('goes out of the list; its images stay.');
      expect(no.text).toContain('Nothing was deleted.');
      expect(no.code).toBe(1);
      expect((await cli('job', '1')).code).toBe(0);
      expect(await onTerminal('y')).toMatchObject({
        code: 0,
        text: expect.stringContaining('Job 1 is deleted.') as unknown,
      });
      expect((await cli('job', '1')).code).toBe(2);
    });
  });
});

describe('a job that completed with failures', () => {
  it('is listed and shown as that, with what failed and what looks wrong', async () => {
    const { folder, cli } = onFolder();
    mkdirSync(join(folder, 'data'));
    const store = new JobStore(join(folder, 'data'));
    const { id } = store.add({
      name: 'shot',
      engine: 'gltf',
      settings: sampleSettings({ frames: '1-4', output: join(folder, '####.png') }),
    });
    store.setState(id, 'rendering', null);
    for (const frame of [1, 2, 3, 4]) {
      const held = { jobId: id, frame, lease: store.tries.start(id, frame, 1).lease };
      if (frame === 2 || frame === 3) store.tries.fail(held, 'The worker ended.');
      else
        store.tries.done(held, {
          file: join(folder, `000${frame}.png`),
          seconds: 1,
          suspicion: frame === 4 ? 'it is empty' : null,
        });
    }
    store.addWarnings(id, ['The texture wood.png is missing.']);
    store.setState(id, 'completed', '2 frames failed');
    store.close();

    expect((await cli('jobs')).stdout).toMatch(
      /\n 1 {2}with failures {2}shot +2\/4 +\d\d:\d\d +2 frames failed · 1 suspicious image · The texture wood\.png is missing\.\n$/,
    );
    const shown = await cli('job', '1');
    expect(shown.stdout).toContain('\nWarnings\n  The texture wood.png is missing.\n');
    expect(shown.stdout).toContain('\nFailed frames (2)\n  2-3: The worker ended. (tried once)\n');
    expect(shown.stdout).toContain('\nSuspicious images (1)\n  4: it is empty\n');
    expect(JSON.parse((await cli('job', '1', '--json', '--frames')).stdout)).toMatchObject({
      job: { id: 1, state: 'completed', reason: '2 frames failed' },
      failed: [{ frame: 2 }, { frame: 3 }],
      suspicious: [{ frame: 4 }],
      frames: [{ frame: 1, state: 'done' }, { frame: 2 }, { frame: 3 }, { frame: 4 }],
    });
    const watched = await cli('watch', '1');
    expect(watched.code).toBe(1);
    expect(watched.stderr).toMatch(
      /^Job 1 completed with failures: 2 frames failed\. “framegauge requeue 1” tries them again\.\n {2}frame 2-3: The worker ended\.\n/,
    );
    expect((await cli('requeue', '1')).stdout).toMatch(/^Job 1 \(shot\): queued, 2\/4 frames/);
  });
});

describe('what a stranger may write', () => {
  it('is no folder or address where a variable was empty', async () => {
    const empty = await Promise.all([
      runCli(['--data', '', 'jobs']),
      runCli(['--data', temporaryFolder(), 'serve', '--host', '', '--port', '0']),
    ]);
    expect(empty).toMatchObject([
      { code: 2, stdout: '', stderr: '--data cannot be “”: write a folder, or leave it out for the usual one.\n' },
      { code: 2, stdout: '', stderr: expect.stringMatching(/^--host cannot be “”/) as string },
    ]);
  });

  it.runIf(process.platform === 'linux')('is a folder where none can be made', async () => {
    const sentence = /^[^\n]*\/proc\/nothing[^\n]* \(the path does not exist and cannot be made\)[^\n]*\n$/;
    for (const args of [
      ['--data', '/proc/nothing', 'jobs'],
      ['--data', temporaryFolder(), 'monitoring', 'save', '/proc/nothing'],
      ['addons', 'create', '/proc/nothing/mine'],
    ])
      expect(await runCli(args), args.join(' ')).toMatchObject({
        code: 1,
        stdout: '',
        stderr: expect.stringMatching(sentence) as string,
      });
  });

  it('is a preference named as every object has one', async () => {
    const { cli } = onFolder();
    for (const name of ['constructor', '__proto__', 'hasOwnProperty'])
      expect(await cli('prefs', 'get', name)).toMatchObject({ code: 2, stdout: '' });
  });
});
