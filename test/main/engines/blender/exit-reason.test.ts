import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { crashReport, exitOf, oomKills } from '../../../../src/main/engines/blender/exit-reason';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const DOING = 'while it rendered frame 7';

it('tells crashes, signals from outside and its own ends apart', () => {
  const log = ['Read blend: /a.blend', 'Writing: /tmp/a.crash.txt', 'Fra:7 Mem:1M | Sample 1/4'];
  expect(exitOf({ code: null, signal: 'SIGSEGV' }, DOING, log, false)).toEqual({
    reason: 'crash',
    message: 'Blender crashed (SIGSEGV) while it rendered frame 7. Its last words: “Read blend: /a.blend”.',
  });
  // As a shell tells it.
  expect(exitOf({ code: 139, signal: null }, DOING, [], false)).toEqual({
    reason: 'crash',
    message: 'Blender crashed (SIGSEGV) while it rendered frame 7.',
  });
  expect(exitOf({ code: 143, signal: null }, '', [], false)).toEqual({
    reason: 'crash',
    message: 'Blender was ended from outside (SIGTERM).',
  });
  expect(exitOf({ code: 0, signal: null }, DOING, [], false)).toEqual({
    reason: 'exit',
    message: 'Blender ended by itself (exit code 0) while it rendered frame 7.',
  });
  expect(exitOf({ code: 87, signal: null }, '', ['ValueError: bad'], false)).toEqual({
    reason: 'exit',
    message: 'Framegauge’s script inside of Blender failed. Its last words: “ValueError: bad”.',
  });
});

it('tells the want of memory apart from all of them', () => {
  expect(exitOf({ code: null, signal: 'SIGKILL' }, DOING, [], true)).toMatchObject({
    reason: 'memory',
    message: expect.stringMatching(
      /^The system ended Blender while it rendered frame 7, because there was no more memory: let fewer workers/,
    ),
  });
  expect(exitOf({ code: null, signal: 'SIGKILL' }, DOING, [], false)).toMatchObject({ reason: 'crash' });
  for (const line of [
    'Malloc returns null: len=4096 in image, total 12',
    "terminate called after throwing an instance of 'std::bad_alloc'",
    'Error: Out of memory',
  ]) {
    expect(exitOf({ code: null, signal: 'SIGABRT' }, DOING, [line], false)).toMatchObject({
      reason: 'memory',
      message: expect.stringMatching(/^Blender found no more memory while it rendered frame 7 and ended \(SIGABRT\)/),
    });
  }
});

it('finds the crash report', async () => {
  const folder = temporaryFolder();
  expect(await crashReport(folder)).toEqual([]);
  writeFileSync(join(folder, 'anim.crash.txt'), '# Blender 3.4.1\n\n# backtrace\n');
  expect(await crashReport(folder)).toEqual(['# Blender 3.4.1', '# backtrace']);
  expect(await crashReport(join(folder, 'gone'))).toEqual([]);
});

it.runIf(process.platform === 'linux')('reads how many processes the system has ended', async () => {
  expect(oomKills()).toBeGreaterThanOrEqual(0);
});
