import { join } from 'node:path';
import { it } from 'vitest';
import { blenderScenes } from '../helpers/blender-scenes';
import { needs } from '../helpers/needs';
import { ROUNDS_WITH_BLENDER, VICTIMS, crashRounds } from './crash-rounds';

needs.chromium('a host that is hit at random moments', () => {
  needs.blender('with Blender', () => {
    it('loses, repeats and forgets nothing, and neither does Blender', { timeout: 0 }, async () =>
      crashRounds(ROUNDS_WITH_BLENDER, VICTIMS, join(await blenderScenes(), 'anim.blend')),
    );
  });
});
