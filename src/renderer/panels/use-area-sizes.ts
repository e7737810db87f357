import { useSyncExternalStore } from 'react';
import { useAppState } from '../app-context';
import { areaSizes, areStacked } from '../model/area-sizes';

/** How large the areas are in this window. */
export function useAreaSizes(): ReturnType<typeof areaSizes> {
  const queue = useAppState((state) => state.view.queue.width);
  const properties = useAppState((state) => state.view.propertiesWidth);
  const timeline = useAppState((state) => state.view.timelineHeight);
  const shown = useAppState((state) => state.view.properties);
  const width = useSyncExternalStore(onWindowResize, () => window.innerWidth);
  const height = useSyncExternalStore(onWindowResize, () => window.innerHeight);
  return areaSizes({ queue, properties, timeline }, { width, height }, shown);
}

/** Whether the areas of the render workspace stand one below another. */
export function useStackedAreas(): boolean {
  const shown = useAppState((state) => state.view.properties);
  const maximized = useAppState((state) => state.maximized !== null);
  const narrow = useSyncExternalStore(onWindowResize, () => areStacked(window.innerWidth, shown));
  return narrow && !maximized;
}

function onWindowResize(listener: () => void): () => void {
  window.addEventListener('resize', listener);
  return () => window.removeEventListener('resize', listener);
}
