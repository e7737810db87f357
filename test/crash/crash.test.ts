import { it } from 'vitest';
import { needs } from '../helpers/needs';
import { ROUNDS_WITHOUT_BLENDER, crashRounds } from './crash-rounds';

needs.chromium('a host that is hit at random moments', () => {
  it('loses, repeats and forgets nothing, and neither do its pages and its add-on', { timeout: 0 }, () =>
    crashRounds(ROUNDS_WITHOUT_BLENDER, ['host', 'page', 'addon'], null),
  );
});
