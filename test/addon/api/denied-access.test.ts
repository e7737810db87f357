import { describe, expect, it } from 'vitest';
import { deniedBy, deniedReason } from '../../../src/addon/api/denied-access';

describe('what an error says was denied', () => {
  it('is the network, whether Node names the permission or only its flag', () => {
    const named = Object.assign(new Error('restricted'), {
      code: 'ERR_ACCESS_DENIED',
      permission: 'Net',
      resource: '',
    });
    const later = Object.assign(
      new Error(
        'connect ERR_ACCESS_DENIED Access to this API has been restricted. Use --allow-net to manage permissions.',
      ),
      { code: 'ERR_ACCESS_DENIED' },
    );
    for (const error of [named, later]) {
      expect(deniedBy(error)).toEqual({ access: 'connect', what: '' });
      expect(deniedReason(error)).toBe('it has no network');
    }
  });

  it('is nothing where something else went wrong', () => {
    expect(deniedBy(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' }))).toBeNull();
  });
});
