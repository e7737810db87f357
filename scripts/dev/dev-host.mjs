// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT, say } from '../setup.mjs';

/** Time that a host has to shut down before it is killed, in milliseconds. */
const END_LIMIT = 20_000;
/** The line in which `serve` prints its address. */
const ADDRESS = /^Framegauge serves its UI at (http:\/\/[^/\s]+)\/#token=(\S+)$/;

/**
 * The first free port, counting up from the given one.
 *
 * @param {number} from
 * @returns {Promise<number>}
 */
export async function freePort(from) {
  for (let port = from; port < 65_536; port++) {
    const server = createServer();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return port;
    } catch {
      // Taken, or not ours to use: the next one.
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  }
  throw new Error(`No port from ${from} on is free.`);
}

/**
 * The host under development, in a process of its own.
 *
 * @param {{ port: number, data: string }} options
 */
export function createDevHost({ port, data }) {
  /** @type {import('node:child_process').ChildProcess | null} */
  let child = null;
  /** @type {string | null} */
  let token = null;

  async function stop() {
    const ending = child;
    child = null;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const gone = once(ending, 'exit');
    ending.kill('SIGTERM');
    const timer = setTimeout(() => ending.kill('SIGKILL'), END_LIMIT);
    await gone;
    clearTimeout(timer);
  }

  /** @returns {Promise<string | null>} the token that the host asks for; null when it did not start */
  async function start() {
    const cli = join(ROOT, 'out', 'main', 'cli.js');
    const started = spawn(process.execPath, [cli, '--data', data, 'serve', '--port', String(port)], {
      cwd: ROOT,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    child = started;
    const exited = once(started, 'exit').then(([code, signal]) => {
      if (child === started) say(`The host ended (${signal ?? `exit code ${code}`}): the next change starts it again.`);
      return null;
    });
    const address = new Promise((resolve) => {
      createInterface({ input: started.stdout }).on('line', (line) => {
        const match = ADDRESS.exec(line);
        if (match) resolve(match[2]);
        else if (!line.startsWith('Press Ctrl+C')) console.log(line);
      });
    });
    token = await Promise.race([address, exited]);
    return token;
  }

  /**
   * Carries out an operation of src/shared/host-api.ts.
   *
   * @param {string} name
   * @param {object} input
   * @throws {Error} what the host said
   */
  async function call(name, input) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/operations/${name}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(input),
    });
    const reply = /** @type {any} */ (await answer.json());
    if (reply.ok !== true) throw new Error(reply.error?.message ?? reply.detail ?? `HTTP ${answer.status}`);
    return reply.value;
  }

  /** Add-ons that were enabled until a change kept them from starting. @type {Set<string>} */
  const waiting = new Set();

  /**
   * Restarts the enabled add-ons that a predicate selects.
   *
   * @param {(addon: { id: string, folder: string, bundled: boolean }) => boolean} meant
   */
  async function restartAddons(meant) {
    const { addons } = await call('host.state', {});
    for (const { manifest, folder, bundled, enabled } of addons) {
      const { id } = manifest;
      if (!meant({ id, folder, bundled }) || !(enabled || waiting.has(id))) continue;
      await call('addon.disable', { id });
      const { state, reason } = await call('addon.enable', { id });
      if (state === 'running') waiting.delete(id);
      else waiting.add(id);
      say(state === 'running' ? `Restarted the add-on ${id}.` : `The add-on ${id} did not start: ${reason}`);
    }
  }

  return { start, stop, restartAddons, running: () => child !== null && child.exitCode === null };
}
