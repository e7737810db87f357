import { useEffect, useState } from 'react';
import type { Size } from '../../model/image-zoom';
import { useElementSize } from '../use-element-size';

/** The size of an element in pixels of the screen, and how many of them make a CSS pixel; kept up to date. */
export function useStage(): {
  ref: ReturnType<typeof useElementSize>['ref'];
  /** null before it is drawn. */
  stage: Size | null;
  density: number;
} {
  const { ref, size } = useElementSize();
  const density = useDensity();
  const stage = size && {
    width: Math.max(1, Math.round(size.width * density)),
    height: Math.max(1, Math.round(size.height * density)),
  };
  return { ref, stage, density };
}

/** Changes when the window moves to another screen, and with the browser's own zoom. */
function useDensity(): number {
  const [density, setDensity] = useState(window.devicePixelRatio);
  useEffect(() => {
    const query = window.matchMedia(`(resolution: ${density}dppx)`);
    const onChange = (): void => setDensity(window.devicePixelRatio);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, [density]);
  return density;
}
