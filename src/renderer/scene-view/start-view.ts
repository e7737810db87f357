import { t } from '../../shared/texts/translate';
import type { DrawRequest } from '../render-page/stage';
import type { DrawnView, Orbit, ViewCommand, ViewEvent } from './view-messages';

/** A canvas and the worker that draws on it. */
export interface View {
  draw(request: DrawRequest, orbit: Orbit | null): void;
  /** Ends the worker, and with it its memory and its context. */
  stop(): void;
}

interface Listener {
  onDrawn(drawn: DrawnView): void;
  /** In one sentence. */
  onTrouble(sentence: string): void;
}

/** Puts a canvas into an element, which a worker draws on from then on. */
export function startView(box: HTMLElement, { onDrawn, onTrouble }: Listener): View {
  const canvas = document.createElement('canvas');
  canvas.className = 'scene-view-canvas';
  box.append(canvas);
  if (!canvas.transferControlToOffscreen || !document.createElement('canvas').getContext('webgl2')) {
    onTrouble(t('This window has no WebGL 2, which showing a scene live takes: Render Image shows its frames.'));
    return { draw: () => {}, stop: () => canvas.remove() };
  }
  const worker = new Worker(new URL('./scene-view-worker.ts', import.meta.url), { type: 'module' });
  let last = 0;
  worker.addEventListener('message', ({ data }: MessageEvent<ViewEvent>) => {
    if (data.type === 'drawn') {
      onDrawn(data);
      // In the second of two animation frames the first has been drawn.
      requestAnimationFrame(() => requestAnimationFrame(() => send({ type: 'shown', id: data.id })));
    } else if (data.id === null || data.id === last) onTrouble(data.reason);
  });
  worker.addEventListener('error', ({ message }) => {
    console.error('The scene view failed:', message);
    onTrouble(t('The scene cannot be shown live in this window: Render Image shows its frames.'));
  });
  const send = (command: ViewCommand, transfer: Transferable[] = []): void => worker.postMessage(command, transfer);
  const offscreen = canvas.transferControlToOffscreen();
  send({ type: 'canvas', canvas: offscreen }, [offscreen]);
  return {
    draw: (request, orbit) => send({ type: 'draw', id: ++last, request, orbit }),
    stop() {
      worker.terminate();
      canvas.remove();
    },
  };
}
