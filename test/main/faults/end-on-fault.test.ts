import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import type { HostState } from '../../../src/shared/host-api';
import type { Job } from '../../../src/shared/jobs';
import { TURNTABLE, runCli, startCli } from '../../helpers/cli';
import { eventually } from '../../helpers/eventually';
import { temporaryFolder } from '../../helpers/temporary-folder';

/** Has the host's process do something on a signal that it does not know. */
function onSignal(folder: string, what: string): NodeJS.ProcessEnv {
  const file = join(folder, 'on-signal.mjs');
  writeFileSync(file, `process.on('SIGUSR2', () => { ${what} });`);
  return { NODE_OPTIONS: `--import ${pathToFileURL(file).href}` };
}

it('an exception that nobody caught ends the host in order, and the next one goes on with the job and tells of it', async () => {
  const folder = temporaryFolder();
  const data = join(folder, 'data');
  const asked = ['--data', data] as const;
  const first = startCli(['serve', '--port', '0', ...asked], onSignal(folder, "throw new Error('a wire came loose')"));
  const [, url, token] = await first.printed(/(http:\/\/\S+)\/#token=(\S+)/);
  const ask = async <T>(address: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetch(`${address}/api/v1${path}`, {
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
    });
    return (await response.json()) as T;
  };
  await ask(url!, '/jobs', {
    scene: TURNTABLE,
    frames: '1-3',
    size: '64x36',
    samples: 1,
    output: join(folder, 'images', '####.png'),
  });
  await eventually(
    'the first frame',
    async () => ((await ask<Job>(url!, '/jobs/1')).frames.done > 0 ? true : null),
    120_000,
  );
  first.process.kill('SIGUSR2');
  const { code: exitCode, stderr } = await first.ended;
  expect(exitCode).toBe(70);
  expect(stderr).toContain(
    'Something went wrong inside of Framegauge, and it ends: unfinished jobs go on at the next start.',
  );
  expect(stderr).not.toMatch(/^\s+at /m);
  const logged = readFileSync(join(data, 'logs', 'host.log'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { level: number; error?: string });
  expect(logged.find(({ level }) => level === 60)?.error).toMatch(/^Error: a wire came loose\n\s+at /);

  const second = startCli(['serve', '--port', '0', ...asked]);
  const [, again] = await second.printed(/(http:\/\/\S+)\/#token=/);
  const job = await eventually(
    'the end of the job',
    async () => {
      const now = await ask<Job>(again!, '/jobs/1');
      return now.state === 'completed' ? now : null;
    },
    240_000,
  );
  expect(job.frames).toMatchObject({ done: 3, failed: 0 });
  const texts = (await ask<HostState>(again!, '/state')).notices.map(({ text }) => text);
  expect(texts.filter((text) => /^Framegauge ended on .* because of a fault inside of it/.test(text))).toHaveLength(1);
});

it('a rejection that nobody caught does, too', async () => {
  const folder = temporaryFolder();
  const host = startCli(
    ['serve', '--port', '0', '--data', join(folder, 'data')],
    onSignal(folder, "void Promise.reject(new Error('a wire came loose'))"),
  );
  await host.printed(/Press Ctrl\+C/);
  host.process.kill('SIGUSR2');
  expect(await host.ended).toMatchObject({
    code: 70,
    stderr: expect.stringContaining('Something went wrong inside of Framegauge, and it ends') as unknown,
  });
  expect(readFileSync(join(folder, 'data', 'logs', 'host.log'), 'utf8')).toContain('a wire came loose');
});

it('says what went wrong where there is no host to log it', async () => {
  const folder = temporaryFolder();
  const file = join(folder, 'throws.mjs');
  writeFileSync(file, "process.once('beforeExit', () => { throw new Error('a wire came loose'); });");
  const { code, stderr } = await runCli(['completion', 'bash'], {
    NODE_OPTIONS: `--import ${pathToFileURL(file).href}`,
  });
  expect(code).toBe(70);
  expect(stderr).toBe('Something went wrong inside of Framegauge: a wire came loose\n');
});
