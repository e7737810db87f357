import { useSyncExternalStore } from 'react';

/** What is drawn with {@link useToday}: hundreds of rows, for which one timer is enough. */
const listeners = new Set<() => void>();
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * The day that it is, as the milliseconds since 1970 at which it began: what tells times by their day is drawn anew at
 * midnight, and once the page is seen again after one.
 */
export function useToday(): number {
  return useSyncExternalStore(onMidnight, today);
}

function today(): number {
  return new Date().setHours(0, 0, 0, 0);
}

function tellAll(): void {
  for (const listener of listeners) listener();
}

function wait(): void {
  const midnight = (): void => {
    tellAll();
    wait();
  };
  timer = setTimeout(midnight, new Date().setHours(24, 0, 0, 0) - Date.now());
}

function onMidnight(listener: () => void): () => void {
  if (listeners.size === 0) {
    wait();
    // A machine that sleeps holds timers up.
    document.addEventListener('visibilitychange', tellAll);
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', tellAll);
  };
}
