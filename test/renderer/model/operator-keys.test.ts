import { expect, it } from 'vitest';
import { operatorKeys } from '../../../src/renderer/model/operator-keys';
import type { Operator } from '../../../src/shared/operators';

const operator = (id: string, key?: string): Operator => ({
  id,
  addonId: 'a',
  addonName: 'A',
  label: id.toUpperCase(),
  description: '',
  parameters: [],
  ...(key === undefined ? {} : { key }),
});

it('the program’s keys win, then those that a person chose, then the first operator', () => {
  const keys = operatorKeys(
    [
      operator('one', 'Ctrl+E'),
      operator('two', 'Ctrl+E'),
      operator('render', 'F12'),
      operator('chosen', 'F7'),
      operator('wrong', 'x'),
      operator('none'),
      operator('off', 'F8'),
      operator('odd', 'constructor'),
    ],
    { chosen: 'Ctrl+E', off: '' },
  );
  expect(Object.fromEntries(keys)).toEqual({
    chosen: { key: 'Ctrl+E', conflict: null },
    off: { key: null, conflict: null },
    one: { key: null, conflict: 'Ctrl+E is already for “CHOSEN”.' },
    two: { key: null, conflict: 'Ctrl+E is already for “CHOSEN”.' },
    render: { key: null, conflict: 'F12 is already for “Render Image”.' },
    wrong: { key: null, conflict: '“x” is no key: it is written as Ctrl+Shift+E, Alt+3 or F7.' },
    odd: { key: null, conflict: '“constructor” is no key: it is written as Ctrl+Shift+E, Alt+3 or F7.' },
    none: { key: null, conflict: null },
  });
});
