import { expect, it } from 'vitest';
import { expandOutputPattern } from '../../src/shared/output-pattern';

it.each([
  ['/tmp/####.png', 7, '/tmp/0007.png'],
  ['/tmp/shot_##', 7, '/tmp/shot_07.png'],
  ['/tmp/shot_##', 1234, '/tmp/shot_1234.png'],
  ['/tmp/shot', 7, '/tmp/shot0007.png'],
  ['/tmp/shot.png', 7, '/tmp/shot0007.png'],
  ['/tmp/shot.PNG', 7, '/tmp/shot0007.PNG'],
  ['/tmp/a#b#c.png', 7, '/tmp/a#b7c.png'],
  ['/tmp/##/x.png', 7, '/tmp/##/x0007.png'],
  ['C:\\out\\####.png', 7, 'C:\\out\\0007.png'],
])('%s, frame %d is %s', (pattern, frame, path) => expect(expandOutputPattern(pattern, frame)).toBe(path));
