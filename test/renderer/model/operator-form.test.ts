import { describe, expect, it } from 'vitest';
import { buttonParameters } from '../../../src/renderer/model/operator-form';
import type { OperatorParameter } from '../../../src/shared/operators';
import type { Panel } from '../../../src/shared/panels';

const base = { description: '' };
const DAYS: OperatorParameter = { ...base, key: 'days', type: 'integer', label: 'Days' };
const NOTE: OperatorParameter = { ...base, key: 'note', type: 'string', label: 'Note', default: '' };
const button = { type: 'button', operator: 'tidy' } as const;
const field = (parameter: string, operator = 'tidy'): Panel['elements'][number] => ({
  type: 'field',
  operator,
  parameter,
});

describe('what a panel’s button runs its operator with', () => {
  const run = (elements: Panel['elements'], given = {}, defaults = {}, own = {}): unknown =>
    buttonParameters({ elements }, { ...button, parameters: own }, { parameters: [DAYS, NOTE] }, given, defaults);

  it('is what its fields hold, typed or by default, and nothing is left to ask for', () => {
    const elements = [field('days'), field('note')];
    expect(run(elements, { days: '7' }, { note: 'x' })).toEqual({
      parameters: { days: '7', note: 'x' },
      complete: true,
    });
    expect(run(elements, { note: '' }, { days: 3, note: '' })).toEqual({ parameters: { days: 3 }, complete: true });
  });

  it('is asked for where a field is empty, is missing, or belongs to another operator', () => {
    expect(run([field('days'), field('note')], { days: '' })).toEqual({ parameters: {}, complete: false });
    expect(run([field('days')], { days: '7' })).toEqual({ parameters: { days: '7' }, complete: false });
    expect(run([field('days', 'other'), field('note')], { days: '7' })).toEqual({ parameters: {}, complete: false });
  });

  it('is the button’s own first', () => {
    expect(run([field('days'), field('note')], { days: '7' }, {}, { days: 1 })).toEqual({
      parameters: { days: 1 },
      complete: true,
    });
  });
});
