import { expect, it } from 'vitest';
import { renderObstacle } from '../../../src/renderer/model/render-obstacle';
import { sampleBlend, sampleEngine, sampleScene } from '../../helpers/samples';

it('says what keeps the open scene from being rendered', () => {
  expect(renderObstacle(null, [])).toContain('No scene is open');
  expect(renderObstacle(sampleScene(), null)).toBeNull();
  expect(renderObstacle(sampleBlend(), [])).toBeNull();
  const unseen = sampleBlend({ blender: null });
  expect(renderObstacle(unseen, null)).toContain('install it');
  expect(renderObstacle(unseen, [sampleEngine({ problem: 'It does not start.' })])).toContain('install it');
  expect(renderObstacle(unseen, [sampleEngine()])).toContain('press Search Again');
});
