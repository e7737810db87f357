import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

const ROOT = resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const PAGES = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'monitoring/README.md'].concat(
  readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name.replaceAll('\\', '/')}`),
);

/** A page without its blocks of code. */
const prose = (text: string): string => text.replace(/^```.*?^```/gms, '');

/** The anchors that GitHub gives a page's headings. */
function anchorsOf(text: string): string[] {
  return [...prose(text).matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
    heading!
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe.each(PAGES)('%s', (page) => {
  it('links to files and headings that are there', () => {
    const links = [...prose(read(page)).matchAll(/\]\((?!\w+:)([^)\s#]*)(?:#([^)\s]*))?\)/g)];
    const broken = links.filter(([, path, anchor]) => {
      const target = path ? join(dirname(page), path) : page;
      if (!existsSync(join(ROOT, target))) return true;
      return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
    });
    expect(broken.map(([link]) => link)).toEqual([]);
  });

  it('names files that are there', () => {
    const named = [...prose(read(page)).matchAll(/`((?:src|test|scripts|docs|examples|bench|monitoring)\/[\w./-]+)`/g)];
    expect(named.map(([, path]) => path!).filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });
});

describe('the manual', () => {
  it('has every page in its index', () => {
    const pages = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    expect(pages.length).toBeGreaterThan(8);
    // A page of a folder is in that folder's index, and the folder's index in the manual's.
    const missing = pages.filter((page) => {
      const folder = basename(page) === 'README.md' ? dirname(dirname(page)) : dirname(page);
      return !read(`${folder}/README.md`).includes(`(${page.slice(folder.length + 1)}`);
    });
    expect(missing).toEqual([]);
  });

  it('shows the example add-on as it is', () => {
    const shown = [...read('docs/addons/README.md').matchAll(/^```js\n(.*?)^```/gms)].map(([, code]) => code!);
    const real = read('examples/addons/frame-log/main.mjs').replace(/\/\*\*.*?\*\/\n/gs, '');
    expect(shown).toContain(real);
    const manifests = [...read('docs/addons/README.md').matchAll(/^```json\n(.*?)^```/gms)].map(([, text]) =>
      JSON.parse(text!),
    );
    expect(manifests).toContainEqual(JSON.parse(read('examples/addons/frame-log/addon.json')));
  });
});

describe('the workflow', () => {
  it('runs the two commands of the README on every system', () => {
    const { jobs } = parse(read('.github/workflows/test.yml')) as {
      jobs: { readme: { strategy: { matrix: { os: string[] } }; steps: { run?: string; if?: string }[] } };
    };
    const systems = jobs.readme.strategy.matrix.os.map((os) => os.split('-')[0]).sort();
    expect(systems).toEqual(['macos', 'ubuntu', 'windows']);
    const commands = jobs.readme.steps.map((step) => step.run ?? '');
    expect(commands).toContain('npm start -- demo --exit');
    expect(commands).toContain('npm test');
    expect(commands).toContain('xvfb-run --auto-servernum npm test');
    for (const command of ['npm start', 'npm test'])
      expect(read('README.md')).toMatch(new RegExp(`^${command}  `, 'm'));
  });
});
