import { type ChildProcess, spawn } from 'node:child_process';
import { childEnvironment } from './child-environment';

/**
 * Has a process end when the host does, even if that is killed: a shell waits for the end of a pipe that only the host
 * holds. For programs that do not look after their input themselves. Windows has no such shell: there the next start
 * has to end what is left.
 */
export function endWithHost(process: ChildProcess): void {
  const { pid } = process;
  if (pid === undefined || globalThis.process.platform === 'win32') return;
  const watcher = spawn('/bin/sh', ['-c', 'read -r line; kill "$0"', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl+C in a terminal concerns the host.
    detached: true,
    env: childEnvironment(),
  });
  watcher.once('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  watcher.unref();
  (watcher.stdin as unknown as { unref?(): void }).unref?.();
  // Its number may become another process's.
  process.once('exit', () => watcher.kill('SIGKILL'));
}
