import { app } from 'electron';
import type { AppSnapshot } from '../../shared/addon-protocol';

/** Memory and processor time of the app's processes, added up by Electron's process types (`Browser`, `Tab`, `GPU`, `Utility`, …). */
export function processMetrics(): AppSnapshot['processes'] {
  const byType = new Map<string, { residentBytes: number; cpuSeconds: number }>();
  for (const { type, memory, cpu } of app.getAppMetrics()) {
    const sum = byType.get(type) ?? { residentBytes: 0, cpuSeconds: 0 };
    sum.residentBytes += memory.workingSetSize * 1024;
    sum.cpuSeconds += cpu.cumulativeCPUUsage ?? 0;
    byType.set(type, sum);
  }
  return [...byType].map(([type, sum]) => ({ type, ...sum }));
}
