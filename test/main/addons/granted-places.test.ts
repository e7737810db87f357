import { mkdirSync, realpathSync, rmdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  coversGrant,
  grantedPlaces,
  isSameGrant,
  reachesGrant,
  type GrantedPlaces,
} from '../../../src/main/addons/granted-places';
import type { AddonManifest, PreferenceValues } from '../../../src/shared/addons';
import { temporaryFolder } from '../../helpers/temporary-folder';

let home: string;
let data: string;
beforeEach(() => {
  home = realpathSync(temporaryFolder());
  data = join(home, '.local', 'framegauge');
  for (const folder of [join(data, 'scenes'), join(home, 'out', 'shot'), join(home, 'scenes')])
    mkdirSync(folder, { recursive: true });
});

const preferences = ['file', 'folder'].map((key) => ({
  key,
  type: 'path',
  label: key === 'file' ? 'Text file' : 'Inbox',
  description: '',
  default: '',
})) as AddonManifest['preferences'];

function granted(
  files: { read?: string[]; write?: string[] },
  values: PreferenceValues = {},
  folders = { output: [] as string[], scenes: [] as string[] },
): Promise<GrantedPlaces> {
  const permissions = { files: { reason: 'For a test.', read: [], write: [], ...files } };
  return grantedPlaces({ permissions, preferences }, values, folders, {
    dataFolder: data,
    uploads: join(data, 'scenes'),
  });
}

const folder = (path: string): { path: string; folder: true } => ({ path, folder: true });

describe('a preference', () => {
  it('stands for the folder of the file that it names, whether or not that is there', async () => {
    const { write, read, warnings } = await granted({ write: ['file'] }, { file: join(home, 'out', 'x.prom') });
    expect({ write, read, warnings }).toEqual({ write: [folder(join(home, 'out'))], read: [], warnings: [] });
  });

  it('stands for the folder that it names', async () => {
    const { read } = await granted({ read: ['folder'] }, { folder: join(home, 'out') });
    expect(read).toEqual([folder(join(home, 'out'))]);
  });

  it('stands for a folder that is away alone, never for the one around it, which is told until it is there', async () => {
    const share = join(home, 'share');
    const before = await granted({ read: ['folder'] }, { folder: share });
    expect(before).toEqual({
      read: [folder(share)],
      write: [],
      there: new Map(),
      warnings: [
        `“Inbox” names the folder ${share}, which is not there: it gets access to that folder alone, once it is there.`,
      ],
    });
    mkdirSync(share);
    const after = await granted({ read: ['folder'] }, { folder: share });
    expect(after).toMatchObject({ read: [folder(share)], warnings: [] });
    // A sandbox has to be started again in either case: it shows what was there.
    expect(coversGrant(before, after)).toBe(false);
    expect(coversGrant(after, before)).toBe(false);
    expect(coversGrant(after, await granted({ read: ['folder'] }, { folder: share }))).toBe(true);
  });

  it('is granted anew where another file system is mounted at its folder', async () => {
    const before = await granted({ read: ['folder'] }, { folder: join(home, 'out') });
    const device = before.there.get(join(home, 'out'))!;
    expect(coversGrant(before, { ...before, there: new Map([[join(home, 'out'), device + 1]]) })).toBe(false);
  });

  it('stands for the folder of a file to be written, which is told where it is away', async () => {
    const { write, there, warnings } = await granted({ write: ['file'] }, { file: join(home, 'share', 'x.prom') });
    expect({ write, there }).toEqual({ write: [folder(join(home, 'share'))], there: new Map() });
    expect(warnings).toEqual([expect.stringContaining('which is not there')]);
  });

  it('stands for nothing while it is empty', async () => {
    expect(await granted({ read: ['folder'], write: ['file'] }, { file: ' ', folder: '' })).toEqual({
      read: [],
      write: [],
      there: new Map(),
      warnings: [],
    });
  });

  it('that nobody has set stands for nothing, whatever its author has preset, which is told', async () => {
    const preset = { ...preferences[1]!, default: join(home, 'out') } as AddonManifest['preferences'][number];
    const permissions = { files: { reason: 'For a test.', read: ['folder'], write: [] } };
    const closed = { dataFolder: data, uploads: null };
    const none = { output: [], scenes: [] };
    const { read, warnings } = await grantedPlaces({ permissions, preferences: [preset] }, {}, none, closed);
    expect([read, warnings]).toEqual([[], [expect.stringContaining('is its author’s choice. Set it to give access')]]);
    const chosen = await grantedPlaces({ permissions, preferences: [preset] }, { folder: '' }, none, closed);
    expect(chosen).toMatchObject({ read: [], warnings: [] });
  });

  it('that is no full path stands for nothing, which is told', async () => {
    const { read, warnings } = await granted({ read: ['file'] }, { file: 'out/x.prom' });
    expect([read, warnings]).toEqual([[], [expect.stringContaining('“Text file” gives it access to nothing')]]);
  });

  it('through a link stands for both, the path as it is written and where it leads', async () => {
    symlinkSync(join(home, 'out'), join(home, 'link'));
    const { write } = await granted({ write: ['folder'] }, { folder: join(home, 'link') });
    expect(write).toEqual([folder(join(home, 'out')), folder(join(home, 'link'))]);
  });

  it('with a * in its folder stands for nothing, since Node would read a wildcard', async () => {
    mkdirSync(join(home, 'a*'));
    const { write, warnings } = await granted({ write: ['folder'] }, { folder: join(home, 'a*') });
    expect([write, warnings]).toEqual([[], [expect.stringContaining('whose name has a * in it')]]);
  });
});

describe('the data folder', () => {
  it.each([
    ['the folder that has it', () => home],
    ['the root', () => '/'],
    ['itself', () => data],
    ['a folder in it', () => join(data, 'logs')],
    [
      'a link to it',
      () => {
        symlinkSync(data, join(home, 'link'));
        return join(home, 'link');
      },
    ],
  ])('is not to be had through %s', async (_what, path) => {
    const { read, warnings } = await granted({ read: ['folder'] }, { folder: path() });
    expect([read, warnings]).toEqual([[], [expect.stringContaining('“Inbox” does not give it access')]]);
  });

  it('is not to be had through a file beside it: then that file alone is', async () => {
    writeFileSync(join(home, 'web.yml'), '');
    const { read, warnings } = await granted({ read: ['file'] }, { file: join(home, 'web.yml') });
    expect(read).toEqual([{ path: join(home, 'web.yml'), folder: false }]);
    expect(warnings).toEqual([expect.stringContaining('to the file alone')]);
  });

  it('is not to be had through a file in it', async () => {
    const { read } = await granted({ read: ['file'] }, { file: join(data, 'control-token') });
    expect(read).toEqual([]);
  });

  it('is closed to output and scenes, but for uploaded scenes', async () => {
    const { read } = await granted(
      { read: ['output', 'scenes'] },
      {},
      {
        output: [join(data, 'previews'), join(home, 'out')],
        scenes: [join(data, 'scenes', 'a'), join(home, 'scenes')],
      },
    );
    expect(read.map(({ path }) => path)).toEqual([join(home, 'out'), join(data, 'scenes', 'a'), join(home, 'scenes')]);
  });
});

describe('output and scenes', () => {
  it('that are refused are told, but for what is in the data folder', async () => {
    const { read, warnings } = await granted(
      { read: ['output', 'scenes'] },
      {},
      { output: [home, join(data, 'previews')], scenes: [join(home, 'a*b')] },
    );
    expect(read).toEqual([]);
    expect(warnings).toEqual([
      `Its permission for “output” does not reach the folder ${home}, because the data folder of Framegauge is there.`,
      `Its permission for “scenes” does not reach the folder ${join(home, 'a*b')}, whose name has a * in it.`,
    ]);
  });

  it('are for reading; a folder that is not there yet is granted too', async () => {
    const there = join(home, 'out', 'shot');
    const later = join(home, 'out', 'later');
    const grant = await granted({ read: ['output'] }, {}, { output: [there, later], scenes: [] });
    expect(grant).toMatchObject({ read: [folder(there), folder(later)], write: [] });
    expect([...grant.there.keys()]).toEqual([there]);
  });

  it('are granted anew when there is a folder more, or one exists now, and not when there is one less', async () => {
    const [one, two] = [join(home, 'out', 'one'), join(home, 'out', 'two')];
    const output = (...list: string[]): Promise<GrantedPlaces> =>
      granted({ read: ['output'] }, {}, { output: list, scenes: [] });
    const before = await output(one);
    expect(coversGrant(before, await output(one, two))).toBe(false);
    expect(coversGrant(await output(one, two), before)).toBe(true);
    expect(isSameGrant(await output(one, two), before)).toBe(false);
    mkdirSync(one);
    expect(coversGrant(before, await output(one))).toBe(false);
    expect(isSameGrant(await output(one), await output(one))).toBe(true);
  });
});

describe('a folder inside of a granted one', () => {
  const output = (...list: string[]): Promise<GrantedPlaces> =>
    granted({ read: ['output'] }, {}, { output: list, scenes: [] });

  it('is covered from its start on and once it is there, though it came later', async () => {
    const out = join(home, 'out');
    const before = await output(out);
    const next = join(out, 'next');
    expect(coversGrant(before, await output(out, next))).toBe(true);
    mkdirSync(next);
    const after = await output(out, next);
    expect(coversGrant(before, after)).toBe(true);
    const device = after.there.get(out)!;
    const mounted = { ...after, there: new Map([...after.there, [next, device + 1]]) };
    expect(coversGrant(before, mounted)).toBe(false);
  });

  it('is not covered where the outer one was not there, is a file’s, or where a link leads out', async () => {
    const later = join(home, 'later');
    const before = await output(later);
    mkdirSync(join(later, 'shot'), { recursive: true });
    expect(coversGrant(before, await output(join(later, 'shot')))).toBe(false);
    symlinkSync(later, join(home, 'out', 'link'));
    expect(coversGrant(await output(join(home, 'out')), await output(join(home, 'out', 'link')))).toBe(false);
  });

  it('is read where the outer one may be written, and not the other way round', async () => {
    const [out, shot] = [join(home, 'out'), join(home, 'out', 'shot')];
    const write = await granted({ write: ['folder'] }, { folder: out });
    expect(coversGrant(write, await output(shot))).toBe(true);
    expect(coversGrant(await output(out), await granted({ write: ['folder'] }, { folder: shot }))).toBe(false);
  });
});

it('a folder that is not there yet is no reason to start a process again, one that is or was there is', async () => {
  const output = (...list: string[]): Promise<GrantedPlaces> =>
    granted({ read: ['output'] }, {}, { output: list, scenes: [] });
  const next = join(home, 'next');
  const before = await output(join(home, 'out'));
  expect(reachesGrant(before, await output(join(home, 'out'), next))).toBe(true);
  mkdirSync(next);
  const after = await output(join(home, 'out'), next);
  expect(reachesGrant(before, after)).toBe(false);
  rmdirSync(next);
  expect(reachesGrant(after, await output(join(home, 'out'), next))).toBe(false);
});

it('a permission that names no folder grants none, and says so', async () => {
  expect(await granted({})).toMatchObject({
    read: [],
    write: [],
    warnings: [expect.stringContaining('names no folders')],
  });
});
