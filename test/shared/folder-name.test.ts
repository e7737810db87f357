import { expect, it } from 'vitest';
import { folderNameOf } from '../../src/shared/folder-name';

it.each([
  ['Camera.001', 'Camera.001'],
  ['../../etc', '_._.._etc'],
  ['.framegauge-job-2-frame-1', '_framegauge-job-2-frame-1'],
  ['..', '_'],
  ['', '_'],
  ['A/B\\C:D', 'A_B_C_D'],
  ['ends with dots...', 'ends with dots_'],
  ['Aux', '_Aux'],
  ['com1.front', '_com1.front'],
  ['Console', 'Console'],
  ['ü'.repeat(500), 'ü'.repeat(60)],
])('%j becomes %j', (name, expected) => expect(folderNameOf(name)).toBe(expected));
