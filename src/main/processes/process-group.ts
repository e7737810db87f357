/** Ends, at once, every process of a group that a child of ours leads; nothing happens where nothing is left of it. On Windows, which has no groups, nothing happens at all. */
export function endGroup(pid: number): void {
  if (process.platform === 'win32') return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nothing is left of it.
  }
}
