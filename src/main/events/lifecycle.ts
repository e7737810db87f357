import type { LifecycleEvent, LifecycleEventName } from '../../shared/lifecycle';

export type LifecycleFields = Omit<LifecycleEvent, 'name' | 'seq' | 'time'>;

/** Where lifecycle events come from: numbers them, stamps them and hands them to every listener in order. */
export interface Lifecycle {
  emit(name: LifecycleEventName, fields?: LifecycleFields): void;
  /** @returns stops it */
  on(listener: (event: LifecycleEvent) => void): () => void;
}

/**
 * Events tell, they don't steer: a listener that throws is reported, and the others and the emitter go on.
 *
 * @param onError told what a listener threw
 */
export function createLifecycle(onError: (error: unknown, event: LifecycleEvent) => void): Lifecycle {
  const listeners = new Set<(event: LifecycleEvent) => void>();
  const waiting: LifecycleEvent[] = [];
  let seq = 0;
  let emitting = false;
  return {
    emit(name, fields = {}) {
      waiting.push({ name, seq: ++seq, time: Date.now(), ...fields });
      // An event that a listener causes comes after the one it listens to, for every listener.
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
