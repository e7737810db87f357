import { expect, it } from 'vitest';
import { createLifecycle } from '../../../src/main/events/lifecycle';

it('numbers events, and tells every listener of them in the same order even when one causes another', () => {
  const lifecycle = createLifecycle(() => undefined);
  const first: string[] = [];
  const second: string[] = [];
  lifecycle.on((event) => {
    first.push(`${event.seq} ${event.name}`);
    if (event.name === 'render_write') lifecycle.emit('render_complete');
  });
  lifecycle.on((event) => second.push(`${event.seq} ${event.name}`));
  lifecycle.emit('render_init');
  lifecycle.emit('render_write', { frame: 1 });
  expect(first).toEqual(['1 render_init', '2 render_write', '3 render_complete']);
  expect(second).toEqual(first);
});

it('reports a listener that throws, and goes on with the others', () => {
  const errors: unknown[] = [];
  const lifecycle = createLifecycle((error) => errors.push(error));
  const seen: string[] = [];
  lifecycle.on(() => {
    throw new Error('broken');
  });
  const stop = lifecycle.on((event) => seen.push(event.name));
  lifecycle.emit('load_pre');
  stop();
  lifecycle.emit('load_post');
  expect(seen).toEqual(['load_pre']);
  expect(errors.map(String)).toEqual(['Error: broken', 'Error: broken']);
});
