/**
 * Kills every process in a group led by a child of ours; does nothing if none is left. Does nothing on Windows, which
 * has no process groups.
 */
export function endGroup(pid: number): void {
  if (process.platform === 'win32') return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // No process is left.
  }
}
