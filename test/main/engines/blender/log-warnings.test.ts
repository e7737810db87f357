import { expect, it } from 'vitest';
import { warningsIn } from '../../../../src/main/engines/blender/log-warnings';

it('tells of scripts that raised, each once', () => {
  const traceback = (what: string): string[] => [
    'Traceback (most recent call last):',
    '  File "a.py", line 1, in h',
    '    raise',
    what,
  ];
  expect(
    warningsIn([
      ...traceback('ValueError: bad'),
      "Saved: 'x'",
      ...traceback('ValueError: bad'),
      'Error: Python: Traceback (most recent call last):',
      '  File "b.py"',
      'KeyError: 1',
    ]),
  ).toEqual([
    'A script failed while the frame was rendered (ValueError: bad): what it should have done is missing in the image.',
    'A script failed while the frame was rendered (KeyError: 1): what it should have done is missing in the image.',
  ]);
});

it('takes nothing else for a script that raised', () => {
  expect(warningsIn(["Saved: 'x'", ' Time: 00:00.01', 'ValueError: said somebody'])).toEqual([]);
  // What it was is cut off.
  expect(warningsIn(['Traceback (most recent call last):', '  File "a.py"'])).toEqual([]);
});
