import { MAX_SIDE } from '../../shared/jobs';
import type { SceneInfo } from '../../shared/scene';
import type { DrawRequest } from '../render-page/stage';
import type { RenderForm } from './render-form';

/** Sides of the view above this many pixels cost more than they show. */
const MAX_DRAWN = 1_920;
/** Samples of a finished view; more than that is for frames. */
const MAX_SAMPLES = 16;

const positive = (text: string, otherwise: number): number => {
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : otherwise;
};

/**
 * How large the view is drawn: as much of the room as the image's aspect ratio leaves.
 *
 * @param room in CSS pixels
 * @param density device pixels of a CSS pixel
 * @returns device pixels; null while there is no room
 */
export function drawnSize(
  room: { readonly width: number; readonly height: number },
  form: Pick<RenderForm, 'width' | 'height'>,
  density: number,
): { width: number; height: number } | null {
  const aspect = Math.min(positive(form.width, 16), MAX_SIDE) / Math.min(positive(form.height, 9), MAX_SIDE);
  const width = Math.min(room.width, room.height * aspect) * density;
  const scale = Math.min(1, MAX_DRAWN / Math.max(width, width / aspect));
  const size = { width: Math.round(width * scale), height: Math.round((width * scale) / aspect) };
  return size.width > 0 && size.height > 0 ? size : null;
}

/** What shows a frame as the form asks for it. Fields that can't be used count as the scene has them. */
export function viewRequest(
  url: string,
  form: RenderForm,
  scene: SceneInfo,
  frame: number,
  size: { readonly width: number; readonly height: number },
): DrawRequest {
  return {
    url,
    sceneName: form.sceneName === '' ? null : form.sceneName,
    animations: form.animations.length === 0 ? null : [...form.animations],
    frame,
    fps: positive(form.fps, scene.fps),
    ...size,
    samples: Math.min(MAX_SAMPLES, Math.round(positive(form.samples, MAX_SAMPLES))),
    camera: form.camera === '' ? null : form.camera,
    transparent: form.transparent === '' ? null : form.transparent === 'yes',
  };
}
