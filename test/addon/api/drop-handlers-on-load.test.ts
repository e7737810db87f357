import { expect, it } from 'vitest';
import { dropHandlersOnLoad } from '../../../src/addon/api/drop-handlers-on-load';
import { LIFECYCLE_EVENTS } from '../../../src/shared/lifecycle';

const plain = { persistent: false };
const persistent = { persistent: true };

it('drops the handlers that are not persistent at load_post, and none at any other event', () => {
  expect(dropHandlersOnLoad('load_post', [plain, persistent, plain])).toEqual([persistent]);
  for (const event of LIFECYCLE_EVENTS.filter((name) => name !== 'load_post'))
    expect(dropHandlersOnLoad(event, [plain, persistent])).toEqual([plain, persistent]);
});
