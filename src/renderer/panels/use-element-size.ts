import { useCallback, useState } from 'react';

/** The size of an element's content box in pixels, kept up to date; null before it is drawn. */
export function useElementSize(): {
  ref: (element: HTMLElement | null) => (() => void) | undefined;
  size: { width: number; height: number } | null;
} {
  const [size, setSize] = useState<{ width: number; height: number } | null>(null);
  const ref = useCallback((element: HTMLElement | null) => {
    if (!element) return undefined;
    const observer = new ResizeObserver(([entry]) =>
      setSize({ width: entry!.contentRect.width, height: entry!.contentRect.height }),
    );
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, size };
}
