import { execFileSync } from 'node:child_process';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { PortableScene } from '../../../src/main/engines/render-engine';
import { type OwnRoot, openRoots, seenBy } from '../../../src/main/farm/manager-roots';
import type { Root } from '../../../src/shared/root-paths';
import { eventually } from '../../helpers/eventually';
import { temporaryFolder } from '../../helpers/temporary-folder';

function sceneOf(files: readonly string[], ...fixed: readonly string[]): PortableScene {
  for (const path of files) {
    mkdirSync(dirname(path), { recursive: true });
    if (!existsSync(path)) writeFileSync(path, '');
  }
  return {
    files: files.map((path) => ({ path, realPath: realpathSync(path) })),
    fixed: fixed.length === 0 ? null : { paths: fixed, problem: 'elsewhere' },
    program: null,
    furtherFiles: () => [],
  };
}

const told: string[] = [];
/** Topics that are not settled. */
const topics = new Set<string>();
const events = {
  notify(_level: string, text: string, topic: string) {
    told.push(text);
    topics.add(topic);
  },
  settle: (topic: string) => void topics.delete(topic),
  onOpen: () => undefined,
};

describe('roots of the manager', () => {
  it('are proved by what lies in their probe, which each start replaces', async () => {
    const shows = temporaryFolder();
    const roots = [{ name: 'shows', path: shows }];
    const { offers, isProved, opened } = openRoots(roots, 'secret', events);
    await opened;
    const { probe } = offers()[0]!;
    expect([offers(), readdirSync(shows)]).toEqual([[{ name: 'shows', probe, used: true }], [probe]]);
    const proof = readFileSync(join(shows, probe), 'utf8');
    expect(isProved({ name: 'shows', path: 'S:\\shows', proof })).toBe(true);
    expect(isProved({ name: 'other', path: shows, proof })).toBe(false);
    expect(isProved({ name: 'shows', path: shows, proof: 'f'.repeat(64) })).toBe(false);
    // A machine looks now and then only; a copy of the folder would keep what was there.
    const again = openRoots(roots, 'secret', events);
    await again.opened;
    expect(again.isProved({ name: 'shows', path: shows, proof })).toBe(true);
    expect(readdirSync(shows)).toEqual([probe]);
    const latest = openRoots(roots, 'secret', events, { grace: 0 });
    await latest.opened;
    const newer = readFileSync(join(shows, probe), 'utf8');
    expect([newer, proof].map((one) => latest.isProved({ name: 'shows', path: shows, proof: one }))).toEqual([
      true,
      false,
    ]);
    const another = openRoots(roots, 'another', events);
    await another.opened;
    expect(another.isProved({ name: 'shows', path: shows, proof })).toBe(false);
  });

  it.skipIf(process.platform === 'win32')(
    'write to nothing that somebody has put in the place of a probe',
    async () => {
      const folder = temporaryFolder();
      const shows = join(folder, 'shows');
      mkdirSync(shows);
      const roots = [{ name: 'shows', path: shows }];
      const before = openRoots(roots, 'secret', events);
      await before.opened;
      const probe = join(shows, before.offers()[0]!.probe);
      const own = join(folder, 'preferences.json');
      writeFileSync(own, 'x'.repeat(1_000));
      for (const plant of [
        () => symlinkSync(own, probe),
        () => execFileSync('mkfifo', [probe]),
        () => writeFileSync(probe, 'x'.repeat(1_000_000)),
      ]) {
        rmSync(probe);
        plant();
        const { isProved, opened } = openRoots(roots, 'secret', events);
        await opened;
        expect(lstatSync(probe).isFile()).toBe(true);
        expect(isProved({ name: 'shows', path: '/shows', proof: readFileSync(probe, 'utf8') })).toBe(true);
        expect(readFileSync(own, 'utf8')).toBe('x'.repeat(1_000));
      }
      expect(readdirSync(shows)).toEqual([basename(probe)]);
    },
  );

  it('that do not answer are told, keep two threads at most, and are used once they answer', async () => {
    told.length = 0;
    const answers = new Map<string, () => void>();
    const put = ({ name, path }: Root): Promise<OwnRoot> =>
      new Promise((resolve) =>
        answers.set(name, () => resolve({ name, path, realPath: path, proof: `proof of ${name}`, proofBefore: '' })),
      );
    let open: () => void = () => undefined;
    const onOpen = (): void => open();
    const answer = (name: string): Promise<void> => {
      const used = new Promise<void>((resolve) => (open = resolve));
      answers.get(name)!();
      return used;
    };
    const roots = ['a', 'b', 'c'].map((name) => ({ name, path: `/mnt/${name}` }));
    const { offers, isProved, rootOf, opened } = openRoots(roots, 'secret', { ...events, onOpen }, { timeout: 1, put });
    const inUse = (): string[] => offers().flatMap(({ name, used }) => (used ? [name] : []));
    await opened;
    expect([inUse(), [...answers.keys()], [...topics]]).toEqual([
      [],
      ['a', 'b'],
      ['farm-root-a', 'farm-root-b', 'farm-root-c'],
    ]);
    expect(told).toEqual(
      ['no answer', 'no answer', 'it waits for others'].map((why, at) =>
        expect.stringMatching(new RegExp(`^The root ${'abc'[at]} is not used.*${why}`)),
      ),
    );
    await answer('b');
    expect(isProved({ name: 'b', path: 'B:', proof: 'proof of b' })).toBe(true);
    expect(rootOf({ ...sceneOf([]), files: [{ path: '/mnt/b/x', realPath: '/mnt/b/x' }] })?.root.name).toBe('b');
    // Its thread is free for the next.
    await eventually('its turn', async () => (answers.has('c') ? true : null));
    await answer('c');
    expect([inUse(), [...topics]]).toEqual([['b', 'c'], ['farm-root-a']]);
    await answer('a');
    expect([inUse(), [...topics]]).toEqual([['a', 'b', 'c'], []]);
  });

  it('that answer are not kept waiting by one that does not', async () => {
    const put = ({ name, path }: Root): Promise<OwnRoot> =>
      name === 'dead'
        ? new Promise(() => undefined)
        : Promise.resolve({ name, path, realPath: path, proof: 'proof', proofBefore: '' });
    const roots = ['dead', 'a', 'b', 'c'].map((name) => ({ name, path: `/mnt/${name}` }));
    const inUse = await new Promise<string[]>((resolve) => {
      const onOpen = (): void => {
        const names = offers().flatMap(({ name, used }) => (used ? [name] : []));
        if (names.length === 3) resolve(names);
      };
      // The dead one is never given up.
      const { offers } = openRoots(roots, 'secret', { ...events, onOpen }, { timeout: 2 ** 31 - 1, put });
    });
    expect(inUse).toEqual(['a', 'b', 'c']);
  });

  it('hold a scene only with all that it reads', async () => {
    const folder = temporaryFolder();
    const shows = join(folder, 'shows');
    mkdirSync(shows);
    const { rootOf, opened } = openRoots([{ name: 'shows', path: shows }], 'secret', events);
    await opened;
    const scene = join(shows, 'sh010', 'a.blend');
    const root = { name: 'shows', path: shows };
    expect(rootOf(sceneOf([scene, join(shows, 'textures', 'a.png')]))).toEqual({ root, fixed: false });
    expect(rootOf(sceneOf([scene, join(folder, 'beside.png')]))).toBeNull();
    // A link leads out of it, to where a machine may have something else.
    writeFileSync(join(folder, 'out.png'), '');
    symlinkSync(join(folder, 'out.png'), join(shows, 'linked.png'));
    expect(rootOf(sceneOf([scene, join(shows, 'linked.png')]))).toBeNull();
    // Names that not every system can have.
    expect(rootOf(sceneOf([join(shows, 'a:b.blend')]))).toBeNull();
    expect(rootOf(sceneOf([scene], join(shows, 'gone.png')))).toEqual({ root, fixed: true });
    expect(rootOf(sceneOf([scene], '/gone.png'))).toBeNull();
    // What is not there counts whatever comes before it.
    expect(rootOf(sceneOf([scene], join(shows, 'gone.png'), '/gone.png'))).toBeNull();
  });

  it('are seen by a machine at its own path, or at the same for paths from the top of the disk', () => {
    const root = { name: 'shows', path: '/mnt/shows' };
    const windows = [{ name: 'shows', path: 'S:\\shows' }];
    expect(seenBy(windows, { root, fixed: false })).toBe('S:\\shows');
    expect(seenBy(windows, { root, fixed: true })).toBeNull();
    expect(seenBy([{ name: 'shows', path: '/mnt/shows/' }], { root, fixed: true })).toBe('/mnt/shows/');
    expect(seenBy([{ name: 'lib', path: '/mnt/shows' }], { root, fixed: false })).toBeNull();
  });

  it('that can’t be written to are told and left out', async () => {
    told.length = 0;
    const { offers, opened } = openRoots([{ name: 'gone', path: join(temporaryFolder(), 'gone') }], 'secret', events);
    await opened;
    expect([offers(), told]).toEqual([
      [{ name: 'gone', probe: expect.any(String) as unknown, used: false }],
      [expect.stringMatching(/^The root gone is not used: nothing can be written/)],
    ]);
  });
});
