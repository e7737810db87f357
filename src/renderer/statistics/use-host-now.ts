import { useEffect, useState } from 'react';

/** How often the charts move on, in milliseconds; more seldom for who asked for less motion. */
const BEAT = 1_000;
const CALM_BEAT = 5_000;

/**
 * The host's time, which moves on in beats while it is connected.
 *
 * @param ahead of this page's clock, in milliseconds
 */
export function useHostNow(ahead: number, connected: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!connected) return undefined;
    const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
    const timer = setInterval(
      () => {
        if (!document.hidden) setNow(Date.now());
      },
      calm ? CALM_BEAT : BEAT,
    );
    return () => clearInterval(timer);
  }, [connected]);
  return now + ahead;
}
