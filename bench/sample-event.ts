import type { LifecycleEvent } from '../src/shared/lifecycle';

/** A written frame, as the host tells of it. */
export const eventOf = (seq: number): LifecycleEvent => ({
  name: 'render_write',
  seq,
  time: Date.now(),
  job: { id: 12, name: 'shot_010', state: 'rendering' },
  frame: seq,
  scene: '/scenes/shot_010.glb',
  engine: 'gltf',
  worker: 1,
  file: `/out/shot_${seq}.png`,
  seconds: 1.5,
});
