import type { LifecycleEvent, LifecycleEventName } from '../../shared/lifecycle';

export type LifecycleFields = Omit<LifecycleEvent, 'name' | 'seq' | 'time'>;

/** Source of lifecycle events: numbers and timestamps them and calls every listener in order. */
export interface Lifecycle {
  emit(name: LifecycleEventName, fields?: LifecycleFields): void;
  /** @returns unsubscribes */
  on(listener: (event: LifecycleEvent) => void): () => void;
}

/**
 * Listeners can't affect the emitter: an error thrown by one is reported, and the others are still called.
 *
 * @param onError called with errors thrown by listeners
 */
export function createLifecycle(onError: (error: unknown, event: LifecycleEvent) => void): Lifecycle {
  const listeners = new Set<(event: LifecycleEvent) => void>();
  const waiting: LifecycleEvent[] = [];
  let seq = 0;
  let emitting = false;
  return {
    emit(name, fields = {}) {
      waiting.push({ name, seq: ++seq, time: Date.now(), ...fields });
      // An event emitted by a listener is delivered after the current one, to every listener.
      if (emitting) return;
      emitting = true;
      for (let event = waiting.shift(); event; event = waiting.shift()) {
        for (const listener of listeners) {
          try {
            listener(event);
          } catch (error) {
            onError(error, event);
          }
        }
      }
      emitting = false;
    },
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
