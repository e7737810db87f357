import { expect, it } from 'vitest';
import { problemOfHostNames, readHostNames } from '../../src/shared/host-names';

it('takes names with blanks and commas between them', () => {
  expect(readHostNames(' Renders.Example., vm\nstudio_1;10.0.0.7 [fd00::7] ')).toEqual({
    names: ['renders.example', 'vm', 'studio_1', '10.0.0.7', '[fd00::7]'],
    wrong: [],
  });
  expect(readHostNames('')).toEqual({ names: [], wrong: [] });
  expect(problemOfHostNames('renders.example')).toBeNull();
});

it.each([
  'http://renders.example',
  'renders.example:8443',
  '*',
  '*.example',
  'a..b',
  '-a',
  '.',
  'a/b',
  'ü.example',
  'x'.repeat(300),
])('says what is wrong with %s', (text) => {
  expect(problemOfHostNames(`vm ${text}`)).toMatch(
    /^“.+” is no name of a host: write it as renders\.example, without http:\/\/ and without a port\.$/,
  );
});
