import { expect, it } from 'vitest';
import { readInvitation } from '../../../src/renderer/model/invitation-text';

it('reads the command of an invitation, however it was pasted', () => {
  const read = { url: 'https://manager:8790', token: 'secret_-1.finger-print' };
  for (const text of [
    'framegauge machine --join https://manager:8790 --token secret_-1.finger-print',
    '  $ framegauge machine --token="secret_-1.finger-print" --join="https://manager:8790"\n',
  ])
    expect(readInvitation(text)).toEqual(read);
  for (const text of ['', 'https://manager:8790', '--join https://manager:8790', '--token x'])
    expect(readInvitation(text)).toBeNull();
});
