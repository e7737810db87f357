import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ELECTRON_EXECUTABLE, electronSwitches, hasDisplay } from '../scripts/electron.mjs';
import { electronForTests } from '../scripts/electron-for-tests.mjs';
import { connectToRunning, type HostConnection } from '../src/main/cli/host-connection';
import { announcedHost } from '../src/main/data/announced-host';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * Starts the desktop app with its window, and connects to its host. @returns null where there is no display
 *
 * @throws Error when it ends before it has a host
 */
export async function startBenchDesktop(dataFolder: string): Promise<HostConnection | null> {
  if (!hasDisplay()) return null;
  await mkdir(dataFolder, { recursive: true });
  const child = spawn(join(await electronForTests(), ELECTRON_EXECUTABLE), [...electronSwitches(), ROOT], {
    env: { ...process.env, FRAMEGAUGE_DATA: dataFolder, FRAMEGAUGE_NO_CONFIRM: '1' },
    stdio: 'ignore',
  });
  const ended = once(child, 'exit');
  let host = announcedHost(dataFolder);
  for (; !host; host = announcedHost(dataFolder)) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`The desktop app ended before it had a host: ${child.exitCode ?? child.signalCode}.`);
    await wait(100);
  }
  const connection = await connectToRunning(host);
  return {
    ...connection,
    async close() {
      await connection.close();
      child.kill('SIGTERM');
      await ended;
    },
  };
}
