import type { HostEvent } from '../../shared/host-api';

/** Peak memory of each live worker while rendering a frame. */
export interface WorkerPeaks {
  /** To be called with every event. */
  see(event: HostEvent): void;
  /** In bytes; null where the engine does not report it, or the worker has not rendered anything yet. */
  of(slot: number): number | null;
}

/** A slot's peak is discarded with its worker. */
export function createWorkerPeaks(): WorkerPeaks {
  const peaks = new Map<number, number>();
  return {
    see(event) {
      if (event.type === 'frame') {
        const { state, slot, peakBytes } = event.frame;
        if (state === 'done' && slot !== null && peakBytes !== null)
          peaks.set(slot, Math.max(peakBytes, peaks.get(slot) ?? 0));
      } else if (event.type === 'workers') {
        const living = new Set(
          event.workers.filter(({ state }) => state === 'idle' || state === 'rendering').map(({ slot }) => slot),
        );
        for (const slot of peaks.keys()) if (!living.has(slot)) peaks.delete(slot);
      }
    },
    of: (slot) => peaks.get(slot) ?? null,
  };
}
