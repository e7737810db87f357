import { AsyncLocalStorage } from 'node:async_hooks';
import { HANDLER_SECONDS } from '../../shared/addon-protocol';
import type { Handler, LifecycleEvent, LifecycleEventName } from './context';
import { deadline } from './deadline';
import { dropHandlersOnLoad } from './drop-handlers-on-load';

interface Entry {
  readonly event: LifecycleEventName;
  readonly handler: Handler;
  readonly persistent: boolean;
}

export interface HandlerListOptions {
  /** The set of event names that have handlers has changed. */
  readonly changed: (events: LifecycleEventName[]) => void;
  /** A handler threw or timed out. `seconds`: how long it ran. */
  readonly failed: (event: LifecycleEvent, error: unknown, seconds: number) => void;
  /** A handler finished, successfully or not. */
  readonly ran: (seconds: number) => void;
  /** A handler took longer than it may, finished or not. */
  readonly late: (event: LifecycleEvent) => void;
  /** A handler was slow enough to be reported. */
  readonly slow: (event: LifecycleEvent, seconds: number) => void;
}

/** The add-on's handlers for lifecycle events, in order of registration. */
export interface HandlerList {
  /** @returns a function that removes the handler */
  on(event: LifecycleEventName, handler: Handler, persistent: boolean): () => void;
  /**
   * Runs the handlers of one event one after another, each in its own try/catch, without those that are dropped when
   * another scene is loaded.
   */
  run(event: LifecycleEvent): Promise<void>;
  /**
   * Announces the handled event names if that has not happened yet, so that the host learns of an add-on without any
   * handlers.
   */
  announce(): void;
  /** Whether the calling code runs inside a handler that later events wait for. */
  insideHandler(): boolean;
}

export function createHandlerList(options: HandlerListOptions): HandlerList {
  let entries: readonly Entry[] = [];
  let announced: string | null = null;
  const running = new AsyncLocalStorage<{ active: boolean }>();

  function keep(kept: readonly Entry[]): void {
    entries = kept;
    announce();
  }

  function announce(): void {
    const events = [...new Set(entries.map((entry) => entry.event))];
    const text = events.join();
    if (text !== announced) options.changed(events);
    announced = text;
  }

  async function runOne(entry: Entry, event: LifecycleEvent): Promise<void> {
    const context = { active: true };
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    try {
      const result = running.run(context, () => entry.handler(event));
      if (result)
        await deadline(
          result,
          HANDLER_SECONDS * 1000,
          `A handler did not finish within ${HANDLER_SECONDS} s; later events no longer wait for it.`,
        );
      if (seconds() > 1) options.slow(event, seconds());
    } catch (error) {
      options.failed(event, error, seconds());
    } finally {
      context.active = false;
      options.ran(seconds());
      if (seconds() >= HANDLER_SECONDS) options.late(event);
    }
  }

  return {
    on(event, handler, persistent) {
      const entry = { event, handler, persistent };
      keep([...entries, entry]);
      return () => keep(entries.filter((other) => other !== entry));
    },
    async run(event) {
      const kept = dropHandlersOnLoad(event.name, entries);
      if (kept !== entries) keep(kept);
      for (const entry of entries.filter((candidate) => candidate.event === event.name)) {
        // An earlier handler of this event may have removed it.
        if (entries.includes(entry)) await runOne(entry, event);
      }
    },
    announce,
    insideHandler: () => running.getStore()?.active ?? false,
  };
}
