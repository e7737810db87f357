import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { expect, it, onTestFinished, vi } from 'vitest';
import { type RunProgram, idleSeconds, watchIdleTime } from '../../../src/main/machine/idle-time';
import { temporaryFolder } from '../../helpers/temporary-folder';

const NOW = 1_800_000_000_000;

/** Programs that print texts, by their command line; others are missing. */
function programs(texts: Readonly<Record<string, string>>): RunProgram {
  return async (program, args) => {
    const text = texts[[program, ...args].join(' ')];
    if (text === undefined) throw new Error(`${program} is missing`);
    return text;
  };
}

const session = (id: string): string => `loginctl show-session ${id} -p Class -p IdleHint -p IdleSinceHint`;
const LIST = 'loginctl list-sessions --no-legend --no-pager';

it('asks macOS', async () => {
  const ioreg = programs({ 'ioreg -c IOHIDSystem -d 4': '  | |   "HIDIdleTime" = 95250000000\n' });
  expect(await idleSeconds('darwin', ioreg, NOW)).toBe(95.25);
});

it('asks the X11 display', async () => {
  expect(await idleSeconds('linux', programs({ xprintidle: '61500\n', [LIST]: '' }), NOW)).toBe(61.5);
});

it('asks logind for the session that was used last', async () => {
  const texts = {
    [LIST]: '     c1 120 gdm  seat0 tty1\n      2 1000 ada seat0 tty2\n      3 1000 ada -     pts/0\n',
    [session('c1')]: 'Class=greeter\nIdleHint=no\nIdleSinceHint=0\n',
    [session('2')]: `Class=user\nIdleHint=yes\nIdleSinceHint=${(NOW - 600_000) * 1_000}\n`,
    [session('3')]: `Class=user\nIdleHint=yes\nIdleSinceHint=${(NOW - 90_000) * 1_000}\n`,
  };
  expect(await idleSeconds('linux', programs(texts), NOW)).toBe(90);
  const used = { ...texts, [session('3')]: 'Class=user\nIdleHint=no\nIdleSinceHint=0\n' };
  expect(await idleSeconds('linux', programs(used), NOW)).toBe(0);
  expect(await idleSeconds('linux', programs({ [LIST]: '' }), NOW)).toBe(NOW / 1_000);
});

it('can’t tell where nothing answers', async () => {
  expect(await idleSeconds('linux', programs({}), NOW)).toBeNull();
  expect(await idleSeconds('linux', programs({ xprintidle: 'couldn’t open display\n' }), NOW)).toBeNull();
  expect(await idleSeconds('win32', programs({}), NOW)).toBeNull();
});

it.skipIf(process.platform !== 'linux')('asks programs without this program’s tokens', async () => {
  const folder = temporaryFolder();
  const program = join(folder, 'xprintidle');
  writeFileSync(program, `#!/bin/sh\nenv > '${folder}/seen'\necho 2000\n`);
  chmodSync(program, 0o755);
  vi.stubEnv('FRAMEGAUGE_TOKEN', 'a-token-of-the-host');
  vi.stubEnv('PATH', folder + delimiter + process.env['PATH']);
  onTestFinished(() => void vi.unstubAllEnvs());
  const idle = await watchIdleTime();
  onTestFinished(() => idle.close());
  expect(idle.seconds).toBe(2);
  expect(readFileSync(join(folder, 'seen'), 'utf8')).not.toContain('a-token-of-the-host');
});
