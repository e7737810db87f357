import { join } from 'node:path';
import type { AddonManifest } from '../../src/shared/addons';
import { writeAddon } from '../main/addons/fixture';

export interface Attack {
  /** Body of its `register(ctx)`, and what may follow it in the module. */
  readonly register: string;
  readonly more?: string;
  readonly manifest?: Partial<AddonManifest>;
  /** What its panel says of it in the end. */
  readonly named: readonly RegExp[];
}

/** Does something so many times every tenth of a second, past what `ctx` limits. */
const flood = (times: number, step: string): string =>
  `let n = 0; setTimeout(() => setInterval(() => { for (let i = 0; i < ${times}; i++, n++) ${step}; }, 100), 500);`;
const stopped = (why: string): RegExp =>
  new RegExp(`stopped (once|2 times) within an hour, the last time because ${why}|in quarantine .*${why}`);

/** Limit of what an add-on stores while they run, in MB. */
export const STORAGE_MB = 20;

/** Add-ons that each try to break the host or a render beside them in one way, by id. */
export const ATTACKS: Readonly<Record<string, Attack>> = {
  blocks: {
    register: `ctx.handlers.on('job_queued', () => { for (;;); }, { persistent: true });`,
    named: [stopped('it did not answer for 30 s')],
  },
  dawdles: {
    register: `for (const event of ['job_queued', 'render_init', 'render_pre', 'render_write'])
      ctx.handlers.on(event, () => new Promise(() => {}), { persistent: true });`,
    named: [stopped('its handlers took longer than 10 s 3 times within ten minutes')],
  },
  exits: {
    register: `setTimeout(() => process.exit(3), 100);`,
    named: [/exit code 3; it is not started again, for it has ended by itself 5 times in a short time$/],
  },
  stays: {
    register: `for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
      raw.socket.removeAllListeners('close'); setInterval(() => {}, 1_000);`,
    more: `export function unregister() { for (;;); }`,
    named: [/^When it was stopped: it did not stop within 6 s and was killed$/],
  },
  hogs: {
    register: `setTimeout(() => { const all = []; for (;;) all.push(new Array(1e5).fill(all.length)); }, 500);`,
    named: [/^It is in quarantine until you enable it: .*needs more memory than it may have/],
  },
  burns: {
    register: `setInterval(() => { const until = performance.now() + 90; while (performance.now() < until); }, 100);`,
    named: [/^It used more than 2 s of processor time within 20 s\. It has the lowest priority/],
  },
  hoards: {
    register: `setTimeout(() => fs.writeFileSync(ctx.storage.folder + '/much', Buffer.alloc(64 * 1048576, 1)), 500);`,
    named: [stopped(`it stored more than ${STORAGE_MB} MB`)],
  },
  messages: {
    register: flood(5_000, `raw.send({ type: 'pong', id: 0 })`),
    // What the host cannot read fast enough fills the memory of the process itself, or keeps it from answering.
    named: [stopped('it (sent more than \\d+ messages a second|did not answer for 30 s|used \\d+ MB of memory)')],
  },
  garbage: {
    register: flood(
      1,
      `raw.socket.write([Buffer.from([0, 0, 0, 4, 1, 2, 3, 4]), Buffer.from([0, 0, 0, 0]), Buffer.concat([raw.head(27), Buffer.from('{"cmd":"NODE_HANDLE_ACK"}  ')]), Buffer.concat([raw.head(8e6), Buffer.alloc(8e6, 0x5b)])][n % 4])`,
    ),
    named: [stopped('it sent something that is no message')],
  },
  questions: {
    register: flood(100, `raw.send({ type: 'request', id: n, request: { what: 'snapshot' } })`),
    named: [stopped('it asked more questions than the host answers in a second')],
  },
  statuses: {
    register: flood(10, `ctx.status({ level: n % 2 ? 'ok' : 'warning', text: 'status ' + n })`),
    named: [stopped('it changed its status more than 20 times a second')],
  },
  panels: {
    register: flood(
      50,
      `raw.send({ type: 'panel', panel: { id: 'p' + n, place: 'job', title: 'Flood', elements: [] } })`,
    ),
    named: [stopped('it changed its panels and operators more than 200 times a second')],
  },
  progress: {
    register: flood(50, `raw.send({ type: 'operator-progress', run: 1, progress: 0.5, text: 'flood' })`),
    named: [stopped('it changed its panels and operators more than 200 times a second')],
  },
  logs: {
    register: flood(50, `ctx.log.info('line ' + n)`),
    named: [stopped('it logged more than 200 lines or 100 KB a second')],
  },
  prints: {
    register: flood(20, `process.stdout.write('a line of text\\n'.repeat(1_000))`),
    named: [stopped('it logged more than 200 lines or 100 KB a second')],
  },
  series: {
    register: `
      const many = ctx.metrics.counter({ name: 'flood_total', help: 'Flood', labelNames: ['n'] });
      for (let n = 0; n < 205_000; n++) many.inc({ n: String(n) });
      const names = Array.from({ length: 40 }, (_, index) => 'l' + index);
      ctx.metrics.gauge({ name: 'wide', help: 'Wide', labelNames: names }).set(Object.fromEntries(names.map((name) => [name, 'x'])), 1);`,
    named: [/“flood_total” .*left out/, /“wide” .*left out/],
  },
  kills: {
    register: `try { process.kill(process.ppid, 'SIGKILL'); } catch {}`,
    named: [/^It tried to send a signal to the process \d+(?: and was denied|, and this call was refused)/],
  },
  pries: {
    register: `
      const tries = [
        () => fs.readFileSync(DATA + '/control-token'), () => fs.readFileSync('/etc/passwd'),
        () => fs.readFileSync(DATA + '/preferences.json'), () => fs.readdirSync(DATA + '/addon-storage'),
        () => fs.writeFileSync(DATA + '/planted', 'x'), () => execSync('id'), () => new Worker('1', { eval: true }),
      ];
      for (const attempt of tries) { try { attempt(); ctx.log.error('GOT THROUGH: ' + attempt); } catch {} }`,
    named: [
      /^It tried to read “.*control-token”.* denied/,
      /^It tried to read “\/etc\/passwd” and was denied/,
      /^It tried to read “.*preferences.json”.* denied/,
      /^It tried to read “.*addon-storage”.* denied/,
      /^It tried to write “.*planted”.* denied/,
      /^It tried to start the program “id” and was denied/,
      /^It tried to start a thread and was denied/,
    ],
  },
};

/** Puts every hostile add-on into a data folder, before the host starts. */
export async function plantHostileAddons(dataFolder: string): Promise<void> {
  for (const [id, { register, more = '', manifest }] of Object.entries(ATTACKS))
    await writeAddon(join(dataFolder, 'addons', id), id, {
      main: `import fs from 'node:fs';
        import { execSync } from 'node:child_process';
        import { Worker } from 'node:worker_threads';
        const DATA = ${JSON.stringify(dataFolder)};
        export function register(ctx) { ${register} }
        ${more}`,
      ...(manifest ? { manifest } : {}),
    });
}
