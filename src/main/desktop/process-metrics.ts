import { app } from 'electron';
import type { AppSnapshot } from '../../shared/addon-protocol';

/** Last known CPU time by process id: the time of ended processes remains counted. */
const seen = new Map<number, { type: string; cpuSeconds: number }>();
const gone = new Map<string, number>();

/**
 * Memory of the app's live processes and CPU time of all processes so far, summed by Electron's process type
 * (`Browser`, `Tab`, `GPU`, `Utility`, …).
 */
export function processMetrics(): AppSnapshot['processes'] {
  const metrics = app.getAppMetrics();
  const living = new Set(metrics.map(({ pid }) => pid));
  for (const [pid, { type, cpuSeconds }] of seen) {
    if (living.has(pid)) continue;
    gone.set(type, (gone.get(type) ?? 0) + cpuSeconds);
    seen.delete(pid);
  }
  const byType = new Map([...gone].map(([type, cpuSeconds]) => [type, { residentBytes: 0, cpuSeconds }]));
  for (const { pid, type, memory, cpu } of metrics) {
    const sum = byType.get(type) ?? { residentBytes: 0, cpuSeconds: 0 };
    const cpuSeconds = cpu.cumulativeCPUUsage ?? 0;
    sum.residentBytes += memory.workingSetSize * 1024;
    sum.cpuSeconds += cpuSeconds;
    byType.set(type, sum);
    seen.set(pid, { type, cpuSeconds });
  }
  return [...byType].map(([type, sum]) => ({ type, ...sum }));
}
