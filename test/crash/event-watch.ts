import type { StoredEvent } from '../../src/shared/lifecycle';
import type { EngineId } from '../../src/shared/scene';
import type { CrashHost } from './crash-host';

/** Reads the stored events as a client does that remembers its cursor, and checks what it gets. */
export interface EventWatch {
  /** Reads what is new. @throws when a cursor is missing or comes twice, or a frame is told to be written twice */
  read(): Promise<void>;
  /** Frames told to be written since the host started last. */
  readonly writtenInThisLife: number;
  /** Frames that an engine was told to have written. */
  written(engine: EngineId): number;
  /** How often the host's own numbers began anew. */
  readonly lives: number;
  readonly count: number;
}

export function watchEvents(host: Pick<CrashHost, 'ask'>): EventWatch {
  let cursor = 0;
  let lives = 0;
  let lastSeq = Number.POSITIVE_INFINITY;
  let writtenInThisLife = 0;
  const written = new Set<string>();
  const byEngine = new Map<EngineId, number>();
  return {
    get writtenInThisLife() {
      return writtenInThisLife;
    },
    get lives() {
      return lives;
    },
    get count() {
      return cursor;
    },
    written: (engine) => byEngine.get(engine) ?? 0,
    async read() {
      for (;;) {
        const { events, newest } = await host.ask<{ events: StoredEvent[]; newest: number }>(
          'GET',
          `/events?cursor=${cursor}&limit=2000`,
        );
        if (newest < cursor) throw new Error(`Event ${cursor} was told, and the newest is ${newest}.`);
        for (const event of events) {
          if (event.cursor !== cursor + 1) throw new Error(`After event ${cursor} comes event ${event.cursor}.`);
          cursor = event.cursor;
          if (event.seq <= lastSeq) {
            lives++;
            writtenInThisLife = 0;
          }
          lastSeq = event.seq;
          if (event.name !== 'render_write') continue;
          const key = `${event.job!.id}/${event.frame}`;
          if (written.has(key))
            throw new Error(`Frame ${event.frame} of job ${event.job!.id} was told to be written twice.`);
          written.add(key);
          byEngine.set(event.engine!, (byEngine.get(event.engine!) ?? 0) + 1);
          writtenInThisLife++;
        }
        if (events.length === 0) return;
      }
    },
  };
}
