import type { DrawRequest } from '../render-page/stage';

/** How the person has turned the view, in the coordinates of the scene. */
export interface Orbit {
  readonly position: readonly [x: number, y: number, z: number];
  readonly quaternion: readonly [x: number, y: number, z: number, w: number];
  /** Of a camera without perspective. */
  readonly zoom: number;
}

/** What the page asks of the view's worker. */
export type ViewCommand =
  | { readonly type: 'canvas'; readonly canvas: OffscreenCanvas }
  /**
   * Draws this in place of what was asked for before. `samples` are those of the finished image; the first draft has
   * one. `orbit`: null looks through the scene's camera.
   */
  | { readonly type: 'draw'; readonly id: number; readonly request: DrawRequest; readonly orbit: Orbit | null }
  /** The page has drawn what it shows beside this picture: the GPU is free for the finished one. */
  | { readonly type: 'shown'; readonly id: number };

/** The scene's camera, for orbiting to begin at. */
export interface ViewCamera {
  readonly position: Orbit['position'];
  readonly quaternion: Orbit['quaternion'];
  /** Vertical, in degrees; null without perspective. */
  readonly fov: number | null;
  readonly zoom: number;
  /** Height of what is seen, in the scene's units, without perspective. */
  readonly height: number;
  /** Of the bounds of everything visible. */
  readonly center: readonly [x: number, y: number, z: number];
  readonly radius: number;
}

/** What stands on the canvas. */
export interface DrawnView {
  /** The scene's own. */
  readonly camera: ViewCamera;
  readonly transparent: boolean;
  readonly frame: number;
  readonly turned: boolean;
  /** With all its samples; a draft otherwise. */
  readonly finished: boolean;
}

/** What the view's worker tells the page. */
export type ViewEvent =
  | ({ readonly type: 'drawn'; readonly id: number } & DrawnView)
  /** In one sentence. `lost`: the context is gone, and another worker may get one. */
  | { readonly type: 'failed'; readonly id: number | null; readonly reason: string; readonly lost: boolean };
