import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFrameLogs } from '../../../../src/main/jobs/output/frame-logs';
import { temporaryFolder } from '../../../helpers/temporary-folder';

function logsIn(folder: string, maxBytes?: number) {
  const problems: string[] = [];
  const onMended = (): void => void problems.push('mended');
  return { logs: createFrameLogs(folder, { onFault: (text) => problems.push(text), onMended, maxBytes }), problems };
}

it('keeps every try of a frame, and the next host reads them', async () => {
  const folder = join(temporaryFolder(), 'logs', 'jobs');
  const { logs, problems } = logsIn(folder);
  await logs.keep(7, 3, 1, ['Fra:3 begins', 'Error: out of paint']);
  await logs.keep(7, 3, 2, ['Fra:3 begins', 'Saved']);
  await logs.keep(7, -4, 1, ['']);
  expect(await logsIn(folder).logs.read(7, 3)).toEqual([
    { frame: 3, attempt: 1, lines: ['Fra:3 begins', 'Error: out of paint'] },
    { frame: 3, attempt: 2, lines: ['Fra:3 begins', 'Saved'] },
  ]);
  expect(await logs.read(7, -4)).toEqual([{ frame: -4, attempt: 1, lines: [''] }]);
  expect(await logs.read(8)).toEqual([]);
  expect(problems).toEqual([]);
});

it('goes on when a job’s folder was deleted between two frames', async () => {
  const folder = temporaryFolder();
  const { logs, problems } = logsIn(folder);
  await logs.keep(1, 1, 1, ['one']);
  await rm(join(folder, '1'), { recursive: true });
  await logs.keep(1, 2, 1, ['two']);
  expect(await logs.read(1)).toEqual([{ frame: 2, attempt: 1, lines: ['two'] }]);
  expect(problems).toEqual([]);
});

it('tells of the last 20 frames when it is asked for none', async () => {
  const { logs } = logsIn(temporaryFolder());
  for (let frame = 1; frame <= 30; frame++) await logs.keep(1, frame, 1, [`frame ${frame}`]);
  await logs.keep(1, 5, 2, ['frame 5 again']);
  const read = await logs.read(1);
  expect(new Set(read.map(({ frame }) => frame)).size).toBe(20);
  expect(read.at(-1)).toEqual({ frame: 5, attempt: 2, lines: ['frame 5 again'] });
  expect(read.at(-2)?.frame).toBe(30);
  expect(read[0]).toMatchObject({ frame: 5, attempt: 1 });
});

it('keeps the end of what is long', async () => {
  const { logs } = logsIn(temporaryFolder());
  await logs.keep(
    1,
    1,
    1,
    Array.from({ length: 1_200 }, (_, index) => `line ${index + 1}`),
  );
  const [many] = await logs.read(1, 1);
  expect(many!.lines).toHaveLength(500);
  expect(many!.lines[0]).toBe('… 701 earlier lines were left out');
  expect(many!.lines.at(-1)).toBe('line 1200');

  await logs.keep(
    1,
    2,
    1,
    Array.from({ length: 400 }, (_, index) => `${index}`.padEnd(2_000, 'ä')),
  );
  const [wide] = await logs.read(1, 2);
  expect(Buffer.byteLength(wide!.lines.join('\n'))).toBeLessThan(257 * 1024);
  expect(wide!.lines.at(-1)).toMatch(/^399ä/);

  await logs.keep(1, 3, 1, ['before', 'x'.repeat(1_000_000)]);
  expect(Buffer.byteLength((await logs.read(1, 3))[0]!.lines.join('\n'))).toBeLessThan(256 * 1024);
  await logs.keep(1, 4, 1, ['one\r\ntwo\nthree']);
  expect((await logs.read(1, 4))[0]!.lines).toEqual(['one', 'two', 'three']);
  await logs.keep(1, 5, 1, []);
  expect(await logs.read(1, 5)).toEqual([]);
});

it('removes a job’s logs, also with one still being written', async () => {
  const folder = temporaryFolder();
  const { logs } = logsIn(folder);
  await logs.keep(2, 1, 1, ['stays']);
  const writing = logs.keep(1, 1, 1, ['goes']);
  await Promise.all([writing, logs.remove(1)]);
  expect(await readdir(folder)).toEqual(['2']);
  expect(await logs.read(1)).toEqual([]);
});

it('makes room: the jobs that were written to longest ago first, then the oldest tries of the last one', async () => {
  const folder = temporaryFolder();
  // What a host before this one left counts too.
  const before = logsIn(folder).logs;
  for (let frame = 1; frame <= 4; frame++) await before.keep(1, frame, 1, ['old']);
  const { logs } = logsIn(folder, 10 * 4096);
  for (let frame = 1; frame <= 6; frame++) await logs.keep(2, frame, 1, ['new']);
  expect((await readdir(folder)).sort()).toEqual(['1', '2']);
  await logs.keep(2, 7, 1, ['new']);
  expect(await readdir(folder)).toEqual(['2']);
  for (let frame = 8; frame <= 11; frame++) await logs.keep(2, frame, 1, ['new']);
  expect(await logs.read(2, 1)).toEqual([]);
  expect(await logs.read(2, 11)).toHaveLength(1);
  expect(await readdir(join(folder, '2'))).toHaveLength(9);
});

it('says once that logs can’t be kept, and again after they could be', async () => {
  const folder = join(temporaryFolder(), 'logs');
  await writeFile(folder, 'a file in the way');
  const { logs, problems } = logsIn(folder);
  await logs.keep(1, 1, 1, ['lost']);
  await logs.keep(1, 2, 1, ['lost']);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toContain('rendering goes on without them');
  await rm(folder);
  await logs.keep(1, 3, 1, ['kept']);
  expect(await logs.read(1)).toHaveLength(1);
  expect(problems.slice(1)).toEqual(['mended']);
  await rm(folder, { recursive: true });
  await writeFile(folder, '');
  await logs.keep(1, 4, 1, ['lost']);
  expect(problems).toHaveLength(3);
});
