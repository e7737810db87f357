import { AsyncLocalStorage } from 'node:async_hooks';
import type { Handler, LifecycleEvent, LifecycleEventName } from './context';
import { deadline } from './deadline';

/** How long a handler may keep later events waiting, in milliseconds. */
const HANDLER_DEADLINE = 10_000;

interface Entry {
  readonly event: LifecycleEventName;
  readonly handler: Handler;
  readonly persistent: boolean;
}

export interface HandlerListOptions {
  /** The names that have a handler are other ones now. */
  readonly changed: (events: LifecycleEventName[]) => void;
  /** A handler threw, or did not settle in time. `seconds`: how long it took. */
  readonly failed: (event: LifecycleEvent, error: unknown, seconds: number) => void;
  /** A handler ran, however it ended. */
  readonly ran: (seconds: number) => void;
  /** A handler took long enough to be told of. */
  readonly slow: (event: LifecycleEvent, seconds: number) => void;
}

/** The add-on's handlers for lifecycle events, in order of registration. */
export interface HandlerList {
  /** @returns removes the handler */
  on(event: LifecycleEventName, handler: Handler, persistent: boolean): () => void;
  /**
   * Runs the handlers of one event one after another, each in its own try/catch. As in Blender, plain handlers are dropped when another scene is
   * loaded: after load_pre ran and before load_post does.
   */
  run(event: LifecycleEvent): Promise<void>;
  /** Tells the names where that has not been done, so that the host knows of an add-on that has no handlers at all. */
  announce(): void;
  /** Whether the calling code runs inside a handler that later events wait for. */
  insideHandler(): boolean;
}

export function createHandlerList(options: HandlerListOptions): HandlerList {
  let entries: Entry[] = [];
  let told: string | null = null;
  const running = new AsyncLocalStorage<{ active: boolean }>();

  function keep(predicate: (entry: Entry) => boolean): void {
    entries = entries.filter(predicate);
    tell();
  }

  function tell(): void {
    const events = [...new Set(entries.map((entry) => entry.event))];
    const text = events.join();
    if (text !== told) options.changed(events);
    told = text;
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
          HANDLER_DEADLINE,
          `A handler did not finish within ${HANDLER_DEADLINE / 1000} s; later events no longer wait for it.`,
        );
      if (seconds() > 1) options.slow(event, seconds());
    } catch (error) {
      options.failed(event, error, seconds());
    } finally {
      context.active = false;
      options.ran(seconds());
    }
  }

  return {
    on(event, handler, persistent) {
      const entry = { event, handler, persistent };
      entries = [...entries, entry];
      tell();
      return () => keep((other) => other !== entry);
    },
    async run(event) {
      if (event.name === 'load_post') keep((entry) => entry.persistent);
      for (const entry of entries.filter((candidate) => candidate.event === event.name)) {
        // An earlier handler of this event may have removed it.
        if (entries.includes(entry)) await runOne(entry, event);
      }
    },
    announce: tell,
    insideHandler: () => running.getStore()?.active ?? false,
  };
}
