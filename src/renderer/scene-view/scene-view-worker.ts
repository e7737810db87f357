import { Quaternion, Sphere, Vector3 } from 'three';
import { openGraphics } from '../render-page/graphics';
import { failureOf } from '../render-page/render-failure';
import type { SceneCamera } from '../render-page/scene-camera';
import { createStage, type Drawn, type Stage } from '../render-page/stage';
import { createOrbitCamera } from './orbit-camera';
import type { ViewCamera, ViewCommand, ViewEvent } from './view-messages';

/**
 * The scene view's worker: draws with the code that renders frames, beside the window's own thread, so that no scene
 * can block it. Of several requests only the last counts. It draws a draft first, and the finished image once nothing
 * has changed for a moment.
 */
type Draw = Extract<ViewCommand, { type: 'draw' }>;

/** How long nothing must have changed before the finished image is drawn, in milliseconds. */
const SETTLED = 200;

const tell = (event: ViewEvent): void => postMessage(event);

let stage: Promise<Stage> | null = null;
let next: Draw | null = null;
let drawing = false;
let refining: AbortController | null = null;
let drafting: { readonly url: string | undefined; readonly abort: AbortController } | null = null;
let settled: ReturnType<typeof setTimeout> | undefined;
/** Its draft is on the canvas, and the page has not said yet that it has seen it. */
let unseen: Draw | null = null;
const orbitCamera = createOrbitCamera();

self.addEventListener('message', ({ data }: MessageEvent<ViewCommand>) => {
  if (data.type === 'canvas') {
    stage = openStage(data.canvas);
    // Whoever draws first is told.
    stage.catch(() => undefined);
    return;
  }
  if (data.type === 'shown') {
    const seen = unseen;
    if (seen?.id !== data.id) return;
    unseen = null;
    settled = setTimeout(() => void refine(seen), SETTLED);
    return;
  }
  next = data;
  unseen = null;
  clearTimeout(settled);
  refining?.abort();
  // Another scene needs nothing of the one before, which may take long to load.
  if (drafting && drafting.url !== data.request.url) drafting.abort.abort();
  void work();
});

async function openStage(canvas: OffscreenCanvas): Promise<Stage> {
  const graphics = await openGraphics(() => {
    tell({
      type: 'failed',
      id: null,
      reason: 'The graphics driver gave the view up (WebGL context lost).',
      lost: true,
    });
  }, canvas);
  return createStage(graphics);
}

async function work(): Promise<void> {
  if (drawing || stage === null) return;
  drawing = true;
  try {
    while (next) {
      const draw = next;
      next = null;
      await draft(draw);
    }
  } finally {
    drawing = false;
  }
}

async function draft(draw: Draw): Promise<void> {
  const { id } = draw;
  const abort = new AbortController();
  drafting = { url: draw.request.url, abort };
  try {
    const drawn = await drawWith(draw, 1, abort.signal);
    // Without a GPU, samples that are drawn would hold up the page's own next picture for seconds.
    if (!next) unseen = draw;
    tellDrawn(draw, drawn, draw.request.samples < 2);
  } catch (error) {
    if (!abort.signal.aborted)
      tell({ type: 'failed', id, reason: failureOf(error, 'The scene cannot be shown', true).message, lost: false });
  } finally {
    drafting = null;
  }
}

/** The same with all its samples, unless something changes meanwhile. */
async function refine(draw: Draw): Promise<void> {
  if (drawing || draw.request.samples < 2) return;
  drawing = true;
  const abort = (refining = new AbortController());
  try {
    tellDrawn(draw, await drawWith(draw, draw.request.samples, abort.signal), true);
  } catch (error) {
    // The draft stays.
    if (!abort.signal.aborted) console.warn('The scene view could not be finished:', error);
  } finally {
    drawing = false;
    refining = null;
  }
  await work();
}

async function drawWith({ request, orbit }: Draw, samples: number, signal: AbortSignal): Promise<Drawn> {
  const through = orbit && ((own: SceneCamera, drawn: Drawn['scene']) => orbitCamera(own, orbit, drawn.bounds));
  return (await stage!).draw({ ...request, samples }, () => undefined, signal, through ?? undefined);
}

function tellDrawn({ id, request, orbit }: Draw, drawn: Drawn, finished: boolean): void {
  const { transparent } = drawn;
  tell({
    type: 'drawn',
    id,
    camera: cameraOf(drawn),
    transparent,
    frame: request.frame,
    turned: orbit !== null,
    finished,
  });
}

function cameraOf({ camera, scene }: Drawn): ViewCamera {
  const [position, quaternion] = [new Vector3(), new Quaternion()];
  camera.matrixWorld.decompose(position, quaternion, new Vector3());
  const sphere = scene.bounds.isEmpty() ? new Sphere(new Vector3(), 1) : scene.bounds.getBoundingSphere(new Sphere());
  const perspective = 'isPerspectiveCamera' in camera;
  return {
    position: position.toArray(),
    quaternion: quaternion.toArray() as [number, number, number, number],
    fov: perspective ? camera.fov : null,
    zoom: camera.zoom,
    height: perspective ? 0 : camera.top - camera.bottom,
    center: sphere.center.toArray(),
    radius: Math.max(sphere.radius, 1e-3),
  };
}
