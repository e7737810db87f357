import { type RefObject, useEffect, useRef } from 'react';

/** What a person does who looks elsewhere in the list. */
const TURNED_AWAY = ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const;

/**
 * Keeps a job that was just unfolded wholly in sight, as far as it has room, while what it shows comes in, until the
 * person goes on.
 *
 * @param box scrolls the lines, each with its job's id as `data-job`
 * @param unfolded ids; another set with each change
 */
export function useUnfoldedInSight(box: RefObject<HTMLElement | null>, unfolded: ReadonlySet<number>): void {
  const before = useRef(unfolded);
  useEffect(() => {
    const id = [...unfolded].find((one) => !before.current.has(one));
    before.current = unfolded;
    const line = id === undefined ? null : box.current?.querySelector(`[data-job="${id}"]`);
    if (!line) return undefined;
    const growth = new ResizeObserver(() => line.scrollIntoView({ block: 'nearest' }));
    growth.observe(line);
    const away = new AbortController();
    away.signal.addEventListener('abort', () => growth.disconnect());
    for (const name of TURNED_AWAY)
      window.addEventListener(name, () => away.abort(), { capture: true, passive: true, signal: away.signal });
    return () => away.abort();
  }, [box, unfolded]);
}
