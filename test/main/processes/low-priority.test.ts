import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { constants, getPriority } from 'node:os';
import { describe, expect, it, onTestFinished } from 'vitest';
import { giveLeastPriority, runBelowRenders } from '../../../src/main/processes/low-priority';
import { processTree, threadsOf } from '../../../src/main/processes/process-tree';

const onLinux = describe.skipIf(process.platform !== 'linux');

/** A shell in a session of its own with a sleeping child, ended with the test. */
async function shell(): Promise<number> {
  const child = spawn('sh', ['-c', 'sleep 60 & echo up; wait'], {
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  onTestFinished(async () => {
    process.kill(-child.pid!, 'SIGKILL');
    await once(child, 'exit');
  });
  await once(child.stdout, 'data');
  return child.pid!;
}

onLinux('a priority below renders', () => {
  it('is given to a process, what it started, and its session, and not to others', async () => {
    const pid = await shell();
    const own = getPriority();
    const tree = await processTree(pid);
    await runBelowRenders(pid);
    expect(tree.map((id) => getPriority(id))).toEqual([18, 18]);
    const session = existsSync(`/proc/${pid}/autogroup`) ? readFileSync(`/proc/${pid}/autogroup`, 'utf8') : null;
    if (session !== null && session.trim() !== '') expect(session).toMatch(/nice 19$/m);
    expect(getPriority()).toBe(own);
  });
});

onLinux('the lowest priority', () => {
  it('is given to a process, what it started, and its session, and not to others', async () => {
    const pid = await shell();
    const own = getPriority();
    const tree = await processTree(pid);
    expect(tree).toHaveLength(2);
    await giveLeastPriority(pid);
    expect(tree.map((id) => getPriority(id))).toEqual([19, 19]);
    expect(getPriority()).toBe(own);
    expect(constants.priority.PRIORITY_LOW).toBe(19);
  });

  it('is given to every thread', async () => {
    const node = spawn(process.execPath, ['-e', `console.log('up'); setInterval(() => {}, 1000)`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    onTestFinished(async () => {
      node.kill('SIGKILL');
      await once(node, 'exit');
    });
    await once(node.stdout, 'data');
    await giveLeastPriority(node.pid!);
    const threads = await threadsOf(node.pid!);
    expect(threads.length).toBeGreaterThan(1);
    for (const thread of threads) {
      const stat = readFileSync(`/proc/${node.pid!}/task/${thread}/stat`, 'utf8');
      // Fields 19 and 41, niceness and policy, of which 5 is SCHED_IDLE; field 3 follows the name.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      expect([fields[16], fields[38]]).toEqual(['19', '5']);
    }
  });
});
