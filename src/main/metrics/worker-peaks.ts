import type { HostEvent } from '../../shared/host-api';

/** The most memory that each live worker held for a frame. */
export interface WorkerPeaks {
  /** Wants to hear of every event. */
  see(event: HostEvent): void;
  /** In bytes; null where the engine does not tell, or the slot's worker has rendered nothing yet. */
  of(slot: number): number | null;
}

/** A slot's peak is forgotten with its worker. */
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
