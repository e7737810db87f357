import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../../../src/shared/host-api';
import type { StoredEvent } from '../../../../src/shared/lifecycle';
import type { Job } from '../../../../src/shared/jobs';
import { type CliResult, TURNTABLE, runCli, startCli } from '../../../helpers/cli';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const lines = <T>(text: string): T[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as T);
const small = ['--size', '32x18', '--samples', '1'];

describe('a host elsewhere', () => {
  it('is steered and watched by its address: submit, watch, pause, resume, requeue, logs, events, delete', async () => {
    const folder = temporaryFolder();
    const host = startCli(['serve', '--port', '0', '--data', join(folder, 'data')], {
      FRAMEGAUGE_TOKEN: 'token-of-the-test',
    });
    const [, url] = await host.printed(/serves its UI at (http:\S+?)\/#/);
    const where = ['--host', url!, '--token', 'token-of-the-test'];
    const cli = (...args: string[]): Promise<CliResult> => runCli([...args, ...where]);
    const output = (name: string): string[] => ['--output', `${join(folder, name)}/####.png`];

    // Held back, so that what follows is not a race with the renderer.
    expect(JSON.parse((await cli('queue', 'pause', '--json')).stdout)).toMatchObject({ state: 'paused' });
    const [first] = lines<Job>(
      (await cli('submit', TURNTABLE, '--frames', '1-3', ...small, ...output('a'), '--start-at', '+2h', '--json'))
        .stdout,
    );
    expect(first).toMatchObject({ id: 1, state: 'queued' });
    await cli('submit', TURNTABLE, '--frames', '1-3', ...small, ...output('b'));
    // A folder is where the image of frame 2 is to be when the job's turn comes.
    mkdirSync(join(folder, 'b', '0002.png'), { recursive: true });
    expect((await cli('pause', '2')).stdout).toMatch(/^Job 2 \(turntable\): paused/);

    // Of a queue that a person paused there is nothing to watch; this one waits for its first job.
    expect((await cli('watch')).stderr).toMatch(/^Nothing more begins by itself:\n {2}Job 1 \(turntable\): queued/);
    expect((await cli('queue', 'resume')).stdout).toMatch(/^The queue runs/);
    const events = startCli(['events', '--follow', '--json', '--after', '0', ...where]);
    await events.printed(/"name":"job_queued"/);
    const queueWatcher = startCli(['watch', ...where]);
    const jobWatcher = startCli(['watch', '1', '--json', ...where]);
    await jobWatcher.printed(/"type":"job"/);
    await cli('edit', '1', '--start-at', 'now');

    const watched = await jobWatcher.ended;
    expect(watched.code, watched.stderr).toBe(0);
    const told = lines<HostEvent>(watched.stdout);
    expect(told[0]).toMatchObject({ type: 'job', job: { id: 1 } });
    expect(told.at(-1)).toMatchObject({
      type: 'job',
      job: { id: 1, state: 'completed', frames: { total: 3, done: 3 } },
    });
    expect(
      told
        .flatMap((event) => (event.type === 'frame' && event.frame.state === 'done' ? [event.frame.frame] : []))
        .sort(),
    ).toEqual([1, 2, 3]);

    // Only a paused job is left, so there is nothing more to watch.
    const queueWatched = await queueWatcher.ended;
    expect(queueWatched.code).toBe(1);
    expect(queueWatched.stdout).toMatch(/^Job 1 \(turntable\): completed, 3\/3 frames/m);
    expect(queueWatched.stderr).toMatch(/^Nothing more begins by itself:\n {2}Job 2 \(turntable\): paused/);

    await events.printed(/"name":"render_complete"/);
    events.process.kill('SIGINT');
    const stored = await events.ended;
    expect(stored.code, stored.stderr).toBe(0);
    const cursors = lines<StoredEvent>(stored.stdout).map(({ cursor }) => cursor);
    expect(cursors).toEqual([...cursors].sort((a, b) => a - b));
    expect(new Set(cursors).size).toBe(cursors.length);
    const rest = lines<StoredEvent>((await cli('events', '--after', String(cursors[2]), '--json')).stdout);
    expect(rest[0]!.cursor).toBeGreaterThan(cursors[2]!);
    expect((await cli('events', '--after', '0')).stdout).toMatch(
      /^ +\d+ {2}\d{4}-\S+Z {2}render_write {5}job 1 \(turntable\) {2}frame \d/m,
    );

    await cli('resume', '2');
    const failed = await cli('watch', '2');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toMatch(/^Job 2 failed: .*0002\.png/);
    const shown = JSON.parse((await cli('job', '2', '--json')).stdout) as { job: Job };
    expect(shown.job).toMatchObject({ state: 'failed', reason: expect.stringContaining('0002.png') as unknown });
    rmSync(join(folder, 'b', '0002.png'), { recursive: true });
    expect((await cli('requeue', '2')).stdout).toMatch(/^Job 2 \(turntable\): (queued|rendering)/);
    const again = await cli('watch', '2');
    expect(again.code, again.stderr).toBe(0);
    expect(again.stdout).toMatch(/3 of 3 frames rendered in [\d.]+ s\.\n$/);

    expect((await cli('logs', '1', '--json')).code).toBe(0);
    expect(lines<Job[]>((await cli('history', '--json')).stdout)[0]!.map(({ id }) => id)).toEqual([2, 1]);

    const deleted = await cli('delete', '1', '--files', '--yes');
    expect(deleted).toMatchObject({ code: 0, stdout: 'Job 1 is deleted, and 3 files with it.\n' });
    expect(deleted.stderr).toMatch(
      new RegExp(
        `^Job 1 \\(turntable, completed\\) goes with 3 files \\([\\d.]+ (bytes|kB)\\) in ${join(folder, 'a')}\\.\n$`,
      ),
    );
    expect(existsSync(join(folder, 'a')) ? readdirSync(join(folder, 'a')) : []).toEqual([]);
    expect(readdirSync(join(folder, 'b')).sort()).toEqual(['0001.png', '0002.png', '0003.png']);
  });

  it('that ends is told to whoever watches', async () => {
    const folder = temporaryFolder();
    const host = startCli(['serve', '--port', '0', '--data', folder]);
    const [, url] = await host.printed(/serves its UI at (\S+)\n/);
    await runCli(['submit', TURNTABLE, ...small, '--start-at', '+2h', '--host', url!]);
    const watcher = startCli(['watch', '--host', url!, '--json']);
    await watcher.printed(/"type":"job"/);
    host.process.kill('SIGKILL');
    expect(await watcher.ended).toMatchObject({
      code: 1,
      stderr: 'The host ended before its queue did: start it again, and the jobs go on.\n',
    });
  });
});
