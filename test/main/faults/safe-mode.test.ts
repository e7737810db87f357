import { expect, it } from 'vitest';
import { safeModeNotice } from '../../../src/main/faults/safe-mode';

it('offers safe mode after starts that ended early, with the command where no window can start the host again', () => {
  expect(safeModeNotice('desktop', false, null)).toBeNull();
  expect(safeModeNotice('desktop', false, 2)).toMatchObject({
    restart: 'safe',
    text: expect.stringMatching(/ended within a minute of its start 2 times in a row.*safe mode/),
  });
  expect(safeModeNotice('headless', false, 3)).toMatchObject({
    restart: 'safe',
    text: expect.stringContaining('“framegauge serve --safe-mode”'),
  });
});

it('tells of safe mode and the way out of it', () => {
  expect(safeModeNotice('desktop', true, 2)).toMatchObject({ restart: 'normal' });
  expect(safeModeNotice('headless', true, null)).toMatchObject({
    restart: 'normal',
    text: expect.stringMatching(/safe mode.*without --safe-mode/),
  });
});
