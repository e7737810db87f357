import { ShaderChunk } from 'three';
import { expect, it } from 'vitest';
import { mendShaders } from '../../../src/renderer/render-page/mend-shaders';

it('repeats the code of no lights but those with shadows, however often it is called', () => {
  const repeated = /unroll_loop_start\s+for \( int i = 0; i < NUM_(?:POINT|SPOT|DIR)_LIGHTS;/;
  expect(ShaderChunk.lights_fragment_begin).toMatch(repeated);
  mendShaders();
  const mended = ShaderChunk.lights_fragment_begin;
  expect(mended).not.toMatch(repeated);
  mendShaders();
  expect(ShaderChunk.lights_fragment_begin).toBe(mended);
});
