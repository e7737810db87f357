import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockDataFolder } from '../../../src/main/data/data-lock';
import { UserError } from '../../../src/shared/user-error';
import { runCli, startCli } from '../../helpers/cli';
import { temporaryFolder } from '../../helpers/temporary-folder';

const FILES = [
  'control-token',
  'read-token',
  'preferences.json',
  'host.json',
  'last-start.json',
  'last-fault.json',
  'addon-blocks.json',
  'logs/host.log',
  'queue.sqlite-wal',
  'queue.sqlite-shm',
  'queue.sqlite-journal',
  'events.sqlite-wal',
  'farm/machines.sqlite-shm',
];
const FOLDERS = [
  'logs',
  'logs/frames',
  'cache',
  'cache/previews',
  'addons',
  'addon-storage',
  'previews',
  'scenes',
  'farm',
];

/** Runs a program without the rights of root, from which no file is closed. */
const WITHOUT_ROOT = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override,-dac_read_search'] : [];

/** Puts something in the place of a part of a data folder. @returns the data folder, and the path of that part */
function withOdd(name: string, put: (path: string) => void): { data: string; path: string } {
  const data = join(temporaryFolder(), 'data');
  const path = join(data, name);
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  put(path);
  return { data, path };
}

/** The sentence that refuses a data folder. */
function refusalOf(data: string): string {
  try {
    lockDataFolder(data)?.();
  } catch (error) {
    expect(error).toBeInstanceOf(UserError);
    return (error as Error).message;
  }
  throw new Error('It was not refused.');
}

describe.skipIf(process.platform === 'win32')('a data folder', () => {
  it('is refused with a sentence where something is in the place of what SQLite keeps beside its lock', () => {
    const { data, path } = withOdd('host.lock-journal', (place) => mkdirSync(place));
    expect(refusalOf(data)).toContain(
      `The lock ${path.replace('-journal', '')} cannot be opened: close Framegauge, then move away `,
    );
  });

  it('is refused with a sentence where something else is in the place of a file', () => {
    for (const name of FILES)
      for (const put of [(path: string) => mkdirSync(path), (path: string) => execFileSync('mkfifo', [path])]) {
        const { data, path } = withOdd(name, put);
        expect(refusalOf(data)).toBe(`${path} is no file: move it away. Framegauge keeps data of its own there.`);
      }
  });

  it('is refused with a sentence where something else is in the place of a folder', () => {
    for (const name of FOLDERS)
      for (const put of [
        (path: string) => writeFileSync(path, 'x'),
        (path: string) => execFileSync('mkfifo', [path]),
      ]) {
        const { data, path } = withOdd(name, put);
        expect(refusalOf(data)).toBe(`${path} is no folder: move it away. Framegauge keeps data of its own there.`);
      }
  });

  it('is refused with a sentence where a link leads nowhere, or in a circle', () => {
    for (const name of [...FILES, ...FOLDERS, 'queue.sqlite', 'events.sqlite'])
      for (const target of ['/nowhere/at/all', name.split('/').at(-1)!]) {
        const { data, path } = withOdd(name, (link) => symlinkSync(target, link));
        expect(refusalOf(data)).toMatch(`${path} is a link that leads nowhere: mount what it leads to, or delete it.`);
      }
  });

  it('is refused with a sentence where this user may not use a file', async () => {
    const { data, path } = withOdd('control-token', (file) => writeFileSync(file, 'x'));
    chmodSync(path, 0);
    const { code, stderr } = await startCli(['serve', '--port', '0', '--data', data], {}, WITHOUT_ROOT).ended;
    expect(stderr).toMatch(`${path} cannot be used by this user: give it to`);
    expect(code).toBe(1);
  });

  it('is refused with a sentence where its lock is damaged, and is not locked by a refusal', () => {
    const { data, path } = withOdd('host.lock', (file) => writeFileSync(file, 'no database', { mode: 0o600 }));
    truncateSync(path, 5_000);
    expect(refusalOf(data)).toBe(`The lock ${path} is damaged: delete it while no Framegauge uses that data folder.`);
    const other = withOdd('logs', (file) => writeFileSync(file, ''));
    refusalOf(other.data);
    expect(refusalOf(other.data)).toMatch('is no folder');
  });

  it('with a folder in place of a file ends the start of a host with that sentence alone', async () => {
    const { data, path } = withOdd('host.json', (folder) => mkdirSync(join(folder, 'x'), { recursive: true }));
    const { code, stdout, stderr } = await runCli(['serve', '--port', '0', '--data', data]);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `${path} is no file: move it away. Framegauge keeps data of its own there.\n`,
    });
    expect(readdirSync(data).filter((name) => name.endsWith('.tmp'))).toEqual([]);
    expect(existsSync(join(data, 'control-token'))).toBe(false);
  });
});
