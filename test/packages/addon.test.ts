import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { addonTypes } from '../../scripts/addon-types.mjs';
import { temporaryFolder } from '../helpers/temporary-folder';

const PACKAGE = resolve(import.meta.dirname, '../../packages/addon');
const ROOT = resolve(import.meta.dirname, '../..');

/** Type-checks a module in a folder where the package is installed as npm would; returns the compiler's errors. */
function compile(source: string): string {
  const folder = temporaryFolder();
  execFileSync('npm', ['pack', PACKAGE, '--pack-destination', folder], { stdio: 'ignore' });
  const installed = join(folder, 'node_modules/framegauge-addon');
  mkdirSync(installed, { recursive: true });
  execFileSync('tar', ['-xzf', 'framegauge-addon-1.0.0.tgz', '-C', installed, '--strip-components=1'], { cwd: folder });
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}');
  writeFileSync(join(folder, 'main.ts'), source);
  writeFileSync(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        module: 'nodenext',
        target: 'es2023',
        strict: true,
        noEmit: true,
        // Of the declarations too.
        skipLibCheck: false,
        typeRoots: [join(ROOT, 'node_modules/@types')],
        types: ['node'],
      },
    }),
  );
  try {
    execFileSync(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', '.'], { cwd: folder });
    return '';
  } catch (error) {
    return String((error as { stdout: Buffer }).stdout);
  }
}

describe('the types for authors of add-ons', () => {
  it('are those of the API', async () => {
    const made = await addonTypes();
    for (const [name, text] of Object.entries(made))
      expect(readFileSync(join(PACKAGE, name), 'utf8') === text, `${name} is old: run “npm run addon-types”`).toBe(
        true,
      );
  });

  it('need no other package, and have no code but defineAddon', () => {
    const text = readFileSync(join(PACKAGE, 'index.d.ts'), 'utf8');
    expect([...text.matchAll(/from '([^']+)'|import\(/g)].map(([, name]) => name)).toEqual(['./prom-client.js']);
    expect(readFileSync(join(PACKAGE, 'prom-client.d.ts'), 'utf8')).not.toMatch(/from '|import\(/);
    expect(readdirSync(PACKAGE).filter((name) => name.endsWith('.js'))).toEqual(['index.js']);
    expect(readFileSync(join(PACKAGE, 'index.js'), 'utf8').match(/\b(?:import|export)\b/g)).toEqual(['export']);
  });

  it('compile where the package alone is installed, and find mistakes', () => {
    const good = `import { defineAddon, type AddonContext, type LifecycleEvent } from 'framegauge-addon';
export const { register } = defineAddon({
  async register(ctx: AddonContext) {
    const frames = ctx.metrics.counter({ name: 'a_total', help: 'A', labelNames: ['scene'] });
    ctx.handlers.on('render_write', (event: LifecycleEvent) => frames.inc({ scene: event.scene ?? '' }));
    const { jobs } = await ctx.app.snapshot();
    const first: string | undefined = jobs[0]?.settings.scene;
    ctx.status({ level: 'ok', text: first ?? '' });
  },
});
`;
    expect(compile(good)).toBe('');
    expect(compile(good.replace("'render_write'", "'render_wrote'").replace('scene:', 'sceen:'))).toMatch(
      /render_wrote[^]*sceen/,
    );
  });

  it('make pages of documentation', () => {
    const folder = join(temporaryFolder(), 'pages');
    execFileSync(process.execPath, [join(ROOT, 'scripts/addon-api-docs.mjs'), folder], { cwd: ROOT });
    expect(readFileSync(join(folder, 'framegauge-addon.addoncontext.md'), 'utf8')).toContain(
      'Everything acquired through it is released on disable',
    );
  });
});
