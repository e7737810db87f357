import { expect, it } from 'vitest';
import { unmountedAbove } from '../../../../src/main/jobs/output/unmounted';

const cases: [string, string, { mounted?: string[]; wanted?: string[]; full?: string[] }, string | null][] = [
  ['an empty folder of /mnt', '/mnt/nas/show/shot', {}, '/mnt/nas'],
  ['a share that is mounted', '/mnt/nas/show', { mounted: ['/', '/mnt/nas'] }, null],
  ['a folder of /mnt that holds something', '/mnt/data/show', { full: ['/mnt/data'] }, null],
  ['/mnt that is a share itself', '/mnt/show', { mounted: ['/mnt'] }, null],
  ['a disk of the desktop’s', '/media/me/DISK/out', { full: ['/media/me'] }, '/media/me/DISK'],
  ['one that is there', '/media/me/DISK/out', { mounted: ['/media/me/DISK'], full: ['/media/me'] }, null],
  [
    'an entry of fstab that is not mounted, whatever lies there',
    '/srv/renders/show',
    { wanted: ['/srv/renders'], full: ['/srv/renders'] },
    '/srv/renders',
  ],
  [
    'an entry of fstab that is mounted',
    '/srv/renders/show',
    { wanted: ['/srv/renders'], mounted: ['/srv/renders'] },
    null,
  ],
  ['a share within one that is not mounted', '/srv/a/b/show', { wanted: ['/srv/a'], mounted: ['/srv/a/b'] }, null],
  ['a name that only begins alike', '/mnt2/nas/show', {}, null],
  ['a volume of macOS', '/Volumes/RAID/show', {}, '/Volumes/RAID'],
  ['a home', '/home/me/Framegauge/shot', { wanted: ['/'] }, null],
];
it.each(cases)('knows %s', async (_what, folder, { mounted = ['/'], wanted = [], full = [] }, expected) => {
  expect(
    await unmountedAbove(folder, { mounted, wanted, isBare: (path) => Promise.resolve(!full.includes(path)) }),
  ).toBe(expected);
});
