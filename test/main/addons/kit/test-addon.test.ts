import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type AddonTest, testAddon } from '../../../../src/main/addons/kit/test-addon';
import { readManifest } from '../../../../src/main/addons/manifest';
import { BUILT } from '../fixture';
import { authorFolder } from './author-folder';

async function run(main: string, manifest: object = {}): Promise<AddonTest> {
  const folder = authorFolder({ 'main.mjs': main }, manifest);
  return testAddon(folder, await readManifest(folder, '0.1.0'), { builtFolder: BUILT });
}

const textsOf = ({ findings }: AddonTest): string[] => findings.map(({ level, text }) => `${level}: ${text}`);

describe('testing an add-on', () => {
  it('sends it a whole render, and lets a tidy one pass', async () => {
    const tested = await run(
      `
      import { createServer } from 'node:http';
      import { spawn } from 'node:child_process';
      import { watch } from 'node:fs';
      const seen = new Set();
      let server, timer, child, watcher;
      export async function register(ctx) {
        for (const name of ['load_pre', 'load_post', 'render_init', 'render_write', 'render_complete', 'render_cancel',
          'frame_failed', 'queue_idle', 'load_post_fail'])
          ctx.handlers.on(name, () => seen.add(name), { persistent: true });
        ctx.metrics.counter({ name: 'a_total', help: 'A' }).inc();
        ctx.status({ level: 'ok', text: 'First' });
        ctx.status({ level: 'ok', text: 'Second' });
        await ctx.app.snapshot();
        server = createServer().listen(0, '127.0.0.1');
        await new Promise((resolve) => server.once('listening', resolve));
        await fetch('http://127.0.0.1:' + server.address().port, { signal: AbortSignal.timeout(5000) }).catch(() => {});
        timer = setInterval(() => {}, 1000);
        child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
        watcher = watch('.');
        ctx.onDispose(() => watcher.close());
      }
      export async function unregister() {
        if (seen.size !== 9) throw new Error('only ' + [...seen]);
        clearInterval(timer);
        server.closeAllConnections();
        server.close();
        child.kill();
        await new Promise((resolve) => child.once('close', resolve));
      }
    `.replace('await fetch(', 'server.on("request", (_, answer) => answer.end()); await fetch('),
      { permissions: { network: 'It listens.', processes: 'It starts Node.' } },
    );
    expect(textsOf(tested)).toEqual([]);
    expect(tested.events).toBeGreaterThan(40);
    expect(tested.registerSeconds).toBeGreaterThan(0);
  });

  it('names what is left behind and where it came from, and ends the child', async () => {
    const tested = await run(
      `import { createServer } from 'node:http';
import { spawn } from 'node:child_process';
export function register(ctx) {
  setInterval(() => {}, 1000);
  createServer().listen(0, '127.0.0.1');
  spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore', detached: true });
  ctx.onDispose(() => new Promise((done) => setTimeout(done, 10)));
}
`,
      { permissions: { network: 'It listens.', processes: 'It starts Node.' } },
    );
    const texts = textsOf(tested);
    expect(texts).toContainEqual(expect.stringMatching(/^error: A timer from main\.mjs:4:3 is left behind/));
    expect(texts).toContainEqual(expect.stringMatching(/^error: A server from main\.mjs:5:18 is left behind/));
    const child = texts.map((text) => /^error: A child process (\d+) from main\.mjs:6:3/.exec(text)).find(Boolean);
    expect(child, texts.join('\n')).toBeTruthy();
    expect(texts).toContain(`error: The child process ${child![1]} outlived the add-on and was ended.`);
    expect(texts).toHaveLength(4);
    // It takes a moment until the process is gone.
    await expect.poll(() => isAlive(Number(child![1]))).toBe(false);
  });

  it.each([
    ['register throws', `export function register() { throw new Error('no'); }`, /^error: register: no$/],
    [
      'a handler throws',
      `export const register = (ctx) => ctx.handlers.on('render_init', () => { throw new Error('oh'); });`,
      /^error: A handler of render_init failed/,
    ],
    [
      'unregister throws',
      `export const register = () => {}; export function unregister() { throw new Error('stuck'); }`,
      /^error: unregister: stuck$/,
    ],
    [
      'a metric is refused',
      `export const register = (ctx) => ctx.metrics.counter({ name: 'framegauge_x_total', help: 'X' }).inc();`,
      /^error: The metric “framegauge_x_total”/,
    ],
    [
      'it exits on its own',
      `export const register = (ctx) => ctx.handlers.on('queue_idle', () => process.exit(0), { persistent: true });`,
      /^error: Its metrics were not there in time/,
    ],
    [
      'it wants a queue',
      `export const register = (ctx) => ctx.jobs.get(1);`,
      /^error: register: A test has no queue/,
      { permissions: { jobs: { reason: 'To see', access: 'read' } } },
    ],
  ])('says so when %s', async (_what, main, sentence, manifest?: object) => {
    expect(textsOf(await run(main, manifest))).toContainEqual(expect.stringMatching(sentence));
  });

  it('applies every preference once', async () => {
    const main = `export const register = (ctx) =>
      ctx.preferences.onChange('word', () => { throw new Error('bad word'); });`;
    const preferences = [{ key: 'word', type: 'string', label: 'Word', default: 'a' }];
    expect(textsOf(await run(main, { preferences }))).toContainEqual(
      expect.stringMatching(/It logged: Applying the preference “word” failed: bad word/),
    );
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    // An orphan that nobody has reaped yet.
    return !existsSync(`/proc/${pid}/stat`) || !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
