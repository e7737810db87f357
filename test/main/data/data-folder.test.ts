import { expect, it } from 'vitest';
import { dataFolder } from '../../../src/main/data/data-folder';

it.each([
  ['what the option says', '/a/b', { FRAMEGAUGE_DATA: '/c' }, 'linux', '/a/b'],
  ['what the variable says', undefined, { FRAMEGAUGE_DATA: '/c' }, 'linux', '/c'],
  ['the XDG folder', undefined, { XDG_DATA_HOME: '/x' }, 'linux', '/x/framegauge'],
  ['its default', undefined, {}, 'linux', '/home/me/.local/share/framegauge'],
  ['Application Support', undefined, {}, 'darwin', '/home/me/Library/Application Support/Framegauge'],
] as const)('is %s', (_what, option, env, platform, expected) =>
  expect(dataFolder(option, env, platform, '/home/me')).toBe(expected),
);
