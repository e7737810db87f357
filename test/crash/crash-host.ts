import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type CliProcess, startCli } from '../helpers/cli';
import { freePort, isFree } from '../helpers/free-port';
import { type AskRest, restClient } from '../helpers/rest-client';
import { setTimeout as delay } from 'node:timers/promises';
import { type Process, descendantsOf, kill, markedWith, stillThere } from './processes';
import { waitUntil, within } from './wait-until';

const TOKEN = 'crash-test-control-token-0123456789';

/**
 * A real headless host in a process of its own, that can be killed and started again on the same data folder and port.
 */
export interface CrashHost {
  readonly dataFolder: string;
  readonly pid: number;
  /** Address of the Prometheus add-on. */
  readonly metricsUrl: string;
  /** Starts it; settles when it answers. */
  start(): Promise<void>;
  /** Kills it, and sees to it that nothing of it is left: no process, no listener. */
  kill(): Promise<void>;
  /** Ends it as Ctrl+C does. @returns what it wrote to standard error in its last life */
  end(): Promise<string>;
  readonly ask: AskRest;
  /** Settles with the next event after a cursor, or after a second: not everything that happens is an event. */
  nextEvent(cursor: number): Promise<void>;
  /** What it has started, and what that has. */
  descendants(): Process[];
}

export interface CrashHostOptions {
  readonly preferences?: Readonly<Record<string, unknown>>;
  readonly env?: NodeJS.ProcessEnv;
  /** Enabled before the first start. */
  readonly prometheus?: boolean;
}

/** @param folder for its data, and for what it puts into the temporary folder */
export async function makeCrashHost(
  folder: string,
  { preferences = {}, env = {}, prometheus = false }: CrashHostOptions = {},
): Promise<CrashHost> {
  const dataFolder = join(folder, 'data');
  const temporary = join(folder, 'tmp');
  const [port, metricsPort] = [await freePort(), await freePort()];
  mkdirSync(dataFolder, { recursive: true });
  mkdirSync(temporary);
  const addons = { prometheus: { enabled: prometheus, preferences: { address: `127.0.0.1:${metricsPort}` } } };
  writeFileSync(join(dataFolder, 'preferences.json'), JSON.stringify({ version: 1, host: preferences, addons }));
  const marker = `FRAMEGAUGE_CRASH_TEST=${folder}`;
  let running: CliProcess | null = null;
  onTestFinished(() => {
    for (const { pid } of markedWith(marker)) kill(pid);
  });
  const child = (): CliProcess => {
    if (!running) throw new Error('the host does not run');
    return running;
  };
  return {
    dataFolder,
    metricsUrl: `http://127.0.0.1:${metricsPort}`,
    get pid() {
      return child().process.pid!;
    },
    async start() {
      running = startCli(['--data', dataFolder, 'serve', '--port', String(port)], {
        TMPDIR: temporary,
        FRAMEGAUGE_TOKEN: TOKEN,
        FRAMEGAUGE_CRASH_TEST: folder,
        ...env,
      });
      await within('the started host to serve its UI', running.printed(/serves its UI at/));
    },
    async kill() {
      const { process: host, ended } = child();
      const family = descendantsOf(host.pid!);
      kill(host.pid!);
      // Before its output has ended: whoever of its family holds on to that is an orphan, too.
      if (host.exitCode === null && host.signalCode === null)
        await new Promise((resolve) => host.once('exit', resolve));
      running = null;
      const orphans = (): Process[] => [...stillThere(family), ...markedWith(marker)];
      await waitUntil({
        what: 'the end of all that the killed host had started',
        ask: () => Promise.resolve(orphans().length === 0 ? true : null),
        missing: () =>
          `the end of these orphans:\n${orphans()
            .map(({ pid, command }) => `${pid} ${command.join(' ').slice(0, 120)}`)
            .join('\n')}`,
        // Nobody tells of the end of a process that is not one's own child.
        next: () => delay(100),
        progress: () => -orphans().length,
      });
      for (const used of [port, metricsPort])
        if (!(await isFree(used))) throw new Error(`Port ${used} of the killed host is not free.`);
      await ended;
    },
    async end() {
      const { process: host, ended } = child();
      host.kill('SIGTERM');
      const { code, stderr } = await ended;
      running = null;
      if (code !== 0) throw new Error(`the host ended with ${code}:\n${stderr}`);
      const left = markedWith(marker);
      if (left.length > 0)
        throw new Error(
          `The host ended, and these did not: ${left.map(({ pid, command }) => `${pid} ${command.join(' ')}`).join('\n')}`,
        );
      return stderr;
    },
    ask: restClient(port, TOKEN),
    async nextEvent(cursor) {
      const ended = new AbortController();
      const headers = { authorization: `Bearer ${TOKEN}` };
      const told = async (): Promise<void> => {
        const url = `http://127.0.0.1:${port}/api/v1/events/stream?cursor=${cursor}`;
        const { body } = await fetch(url, { headers, signal: ended.signal });
        let text = '';
        for await (const chunk of body!.pipeThrough(new TextDecoderStream())) {
          text += chunk;
          if (text.includes('\ndata:')) return;
        }
      };
      try {
        await Promise.race([told(), delay(1_000, undefined, { signal: ended.signal })]);
      } finally {
        ended.abort();
      }
    },
    descendants: () => descendantsOf(child().process.pid!),
  };
}
