import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { NODE_RANGE, nodeProblem, satisfies } from '../../scripts/check-node.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const json = <T>(file: string): T => JSON.parse(read(file)) as T;

describe('satisfies', () => {
  it.each([
    ['20.19.0', '^20.19.0 || >=22.12.0', true],
    ['20.18.9', '^20.19.0 || >=22.12.0', false],
    ['21.7.3', '^20.19.0 || >=22.12.0', false],
    ['22.11.0', '^20.19.0 || >=22.12.0', false],
    ['22.12.0', '^20.19.0 || >=22.12.0', true],
    ['26.0.0-nightly1', '^20.19.0 || >=22.12.0', true],
    ['20.0.0', '20', true],
    ['24.1.0', '18 || 20 || >=22', true],
    ['19.0.0', '18 || 20 || >=22', false],
    ['20.19.0', '>= 14.6', true],
  ])('%s in %s: %s', (version, range, expected) => {
    expect(satisfies(version, range)).toBe(expected);
  });

  it('refuses a range that it does not understand', () => {
    expect(() => satisfies('20.19.0', '>=20 <23')).toThrow('no version range');
  });
});

describe('nodeProblem', () => {
  it('says which Node is needed and which there is', () => {
    expect(nodeProblem('18.20.4')).toBe(
      'Framegauge needs Node.js ^20.19.0 or >=22.12.0, and this is 18.20.4: install a newer one from https://nodejs.org.',
    );
    expect(nodeProblem(process.versions.node)).toBeNull();
  });
});

describe('the lowest Node', () => {
  const lowest = /\d+\.\d+\.\d+/.exec(NODE_RANGE)![0];
  const [major, minor] = lowest.split('.');

  it('is the same in package.json, its lock file and the types', () => {
    const lock = json<{ packages: Record<string, { engines?: { node?: string } }> }>('package-lock.json');
    const { devDependencies } = json<{ devDependencies: Record<string, string> }>('package.json');
    expect(lock.packages['']!.engines!.node).toBe(NODE_RANGE);
    expect(devDependencies['@types/node']).toMatch(new RegExp(`^${major}\\.${minor}\\.`));
  });

  it('is what README and CONTRIBUTING ask for', () => {
    for (const file of ['README.md', 'CONTRIBUTING.md'])
      expect(read(file), file).toMatch(new RegExp(`Node\\.js\\S* ${major}\\.${minor} or later`));
  });

  it('is what the program is built for, and what it is tested on', () => {
    for (const file of ['vite.addon.config.ts', 'vite.worker.config.ts'])
      expect(read(file)).toContain(`target: 'node${major}'`);
    const { jobs } = parse(read('.github/workflows/test.yml')) as {
      jobs: { readme: { strategy: { matrix: { node: string[]; include: { node: string }[] } } } };
    };
    const { node, include } = jobs.readme.strategy.matrix;
    const tested = [...node, ...include.map((entry) => entry.node)];
    expect(tested).toContain(lowest);
    expect(tested.filter((version) => !satisfies(version, NODE_RANGE))).toEqual([]);
  });

  it('will do for every package that we depend on', () => {
    const { packages } = json<{ packages: Record<string, Record<string, Record<string, string> | undefined>> }>(
      'package-lock.json',
    );
    const root = packages['']!;
    const names = Object.keys({ ...root['dependencies'], ...root['devDependencies'], ...root['optionalDependencies'] });
    expect(names.length).toBeGreaterThan(30);
    const tooNew = names.filter((name) => {
      const range = packages[`node_modules/${name}`]!['engines']?.['node'];
      return range !== undefined && !satisfies(lowest, range);
    });
    // Only its own installer wants more; where it can't run, the program goes on without a window.
    expect(tooNew).toEqual(['electron']);
  });
});
