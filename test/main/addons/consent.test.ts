import { expect, it } from 'vitest';
import { requestsOf, widened } from '../../../src/main/addons/consent';
import type { AddonManifest } from '../../../src/shared/addons';

type Permissions = AddonManifest['permissions'];
const between = (before: Permissions, after: Permissions): string[] =>
  widened({ permissions: before }, { permissions: after }).map(({ permission }) => permission);
const jobs = (access: 'read' | 'control', reason = 'It looks.'): Permissions => ({ jobs: { access, reason } });
const files = (read: string[], write: string[] = []): Permissions => ({ files: { reason: 'It reads.', read, write } });

it('a new permission and a wider one ask, the same, a narrower or a differently explained one do not', () => {
  expect(between({}, { network: 'It sends.' })).toEqual(['network']);
  expect(between({ network: 'It sends.' }, { network: 'It sends much.' })).toEqual([]);
  expect(between({ network: 'It sends.' }, {})).toEqual([]);
  expect(between({}, jobs('read'))).toEqual(['jobs.read']);
  expect(between(jobs('read'), jobs('control'))).toEqual(['jobs.control']);
  expect(between(jobs('control'), jobs('read'))).toEqual([]);
  expect(between(jobs('read'), jobs('read', 'It looks twice.'))).toEqual([]);
});

it('each folder asks by itself, and to read is in to write', () => {
  expect(between(files(['output']), files(['output', 'scenes'], ['folder']))).toEqual([
    'files.read.scenes',
    'files.write.folder',
  ]);
  expect(between(files(['output', 'scenes']), files(['scenes']))).toEqual([]);
  expect(between(files([], ['folder']), files(['folder']))).toEqual([]);
  expect(between(files(['folder']), files([], ['folder']))).toEqual(['files.write.folder']);
});

it('everything that an add-on asks for has its reason, whatever its form', () => {
  expect(requestsOf({ network: 'It sends.', ...jobs('read'), ...files(['output']) })).toEqual([
    { permission: 'network', reason: 'It sends.' },
    { permission: 'jobs.read', reason: 'It looks.' },
    { permission: 'files.read.output', reason: 'It reads.' },
  ]);
});
