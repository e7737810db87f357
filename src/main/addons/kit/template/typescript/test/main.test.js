import assert from 'node:assert/strict';
import test from 'node:test';
import { register } from '../dist/main.js';

/** As much of ctx as the add-on uses. */
function fakeContext({ slowSeconds = 60 } = {}) {
  const handlers = new Map();
  const seen = { status: '', warnings: [], frames: 0 };
  const ctx = {
    handlers: { on: (event, handler) => handlers.set(event, handler) },
    preferences: { get: () => slowSeconds },
    metrics: { counter: () => ({ inc: () => seen.frames++ }) },
    status: ({ text }) => (seen.status = text),
    log: { warn: (text) => seen.warnings.push(text) },
  };
  return { ctx, seen, send: (event) => handlers.get(event.name)(event) };
}

test('counts the frames that were written', () => {
  const { ctx, seen, send } = fakeContext();
  register(ctx);
  send({ name: 'render_write', scene: '/scenes/shot.glb', frame: 1, seconds: 2 });
  send({ name: 'render_write', scene: '/scenes/shot.glb', frame: 2, seconds: 2 });
  assert.equal(seen.frames, 2);
  assert.equal(seen.status, '2 frames written, the last one of shot.glb');
  assert.deepEqual(seen.warnings, []);
});

test('names a slow frame', () => {
  const { ctx, seen, send } = fakeContext({ slowSeconds: 1 });
  register(ctx);
  send({ name: 'render_write', scene: '/scenes/shot.glb', frame: 7, seconds: 2.5 });
  assert.deepEqual(seen.warnings, ['Frame 7 of shot.glb took 2.5 s']);
});
