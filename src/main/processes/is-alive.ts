import { readFileSync } from 'node:fs';

/**
 * Whether a process of this user is running. False for a zombie, where detectable (Linux), and for a process of another
 * user that has reused the id.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  return process.platform !== 'linux' || !isZombie(pid);
}

function isZombie(pid: number): boolean {
  try {
    return /^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // It ended just now, or /proc is not readable.
    return false;
  }
}
