import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { announcedHost, announcementOf } from '../../../src/main/data/announced-host';
import { temporaryFolder } from '../../helpers/temporary-folder';

const host = { pid: process.pid, url: 'http://127.0.0.1:1', token: 'secret' };

function announced(content: unknown): string {
  const folder = temporaryFolder();
  writeFileSync(announcementOf(folder), typeof content === 'string' ? content : JSON.stringify(content));
  return folder;
}

it('is what a host that lives says of itself', () => {
  expect(announcedHost(announced(host))).toEqual(host);
});

it.each([
  ['it was not announced', () => temporaryFolder()],
  ['its process is gone', () => announced({ ...host, pid: 2 ** 30 })],
  ['its process has no number', () => announced({ ...host, pid: -1 })],
  ['it says no address', () => announced({ pid: host.pid })],
  ['it says nothing in JSON', () => announced('{')],
  ['it says too much', () => announced({ ...host, token: 'x'.repeat(10_000) })],
  [
    'the announcement is a folder',
    () => {
      const folder = temporaryFolder();
      mkdirSync(announcementOf(folder));
      return folder;
    },
  ],
])('is none when %s', (_why, folder) => expect(announcedHost(folder())).toBeNull());

it.skipIf(process.platform === 'win32')('is none when the announcement is a link', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'elsewhere'), JSON.stringify(host));
  symlinkSync(join(folder, 'elsewhere'), announcementOf(folder));
  expect(announcedHost(folder)).toBeNull();
});
