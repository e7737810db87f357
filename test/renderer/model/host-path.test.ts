import { expect, it } from 'vitest';
import { folderOf, joinPath, nameOf, relativeTo } from '../../../src/renderer/model/host-path';

it('joins paths with the separator of the host’s system', () => {
  expect(joinPath('/home/ada', 'kit')).toBe('/home/ada/kit');
  expect(joinPath('/', 'kit')).toBe('/kit');
  expect(joinPath('C:\\Users\\Ada', 'kit')).toBe('C:\\Users\\Ada\\kit');
  expect(joinPath('C:\\', 'kit')).toBe('C:\\kit');
});

it('takes the folder off what lies in it', () => {
  expect(relativeTo('/kit', '/kit/rules/alerts.yml')).toBe('rules/alerts.yml');
  expect(relativeTo('/kit', 'rules/alerts.yml')).toBe('rules/alerts.yml');
  expect(relativeTo('/kit', '/kitchen/alerts.yml')).toBe('/kitchen/alerts.yml');
});

it('takes a path apart', () => {
  expect([folderOf('/renders/a/####.png'), nameOf('/renders/a/####.png')]).toEqual(['/renders/a', '####.png']);
  expect([folderOf('D:\\renders\\####'), nameOf('D:\\renders\\####')]).toEqual(['D:\\renders', '####']);
  expect([folderOf('####'), nameOf('####')]).toEqual(['', '####']);
});
