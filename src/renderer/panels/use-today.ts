import { useSyncExternalStore } from 'react';

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

function onMidnight(listener: () => void): () => void {
  let timer: ReturnType<typeof setTimeout>;
  const wait = (): void => {
    timer = setTimeout(
      () => {
        listener();
        wait();
      },
      new Date().setHours(24, 0, 0, 0) - Date.now(),
    );
  };
  wait();
  // A machine that sleeps holds timers up.
  document.addEventListener('visibilitychange', listener);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', listener);
  };
}
