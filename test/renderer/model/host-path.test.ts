import { expect, it } from 'vitest';
import { folderOf, joinPath, nameOf, relativeTo, shortestApart } from '../../../src/renderer/model/host-path';

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

it('tells two paths apart by as little as it takes', () => {
  expect(shortestApart('/a/robot.blend', '/a/turntable.glb')).toEqual(['robot.blend', 'turntable.glb']);
  expect(shortestApart('/old/robot.blend', '/new/robot.blend')).toEqual(['old/robot.blend', 'new/robot.blend']);
  expect(shortestApart('/a/robot.blend', '/a/robot.blend')).toEqual(['/a/robot.blend', '/a/robot.blend']);
});
