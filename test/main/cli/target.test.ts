import { describe, expect, it } from 'vitest';
import { targetOf } from '../../../src/main/cli/target';

const folderOf = (data: string | undefined): string => data ?? '/usual';

describe('the host that is meant', () => {
  it('is that of the data folder', () => {
    expect(targetOf({}, folderOf, {})).toEqual({ kind: 'data', folder: '/usual' });
    expect(targetOf({ data: '/x' }, folderOf, {})).toEqual({ kind: 'data', folder: '/x' });
  });

  it('is the one at an address', () => {
    expect(targetOf({ host: 'http://box:7878/', token: 't' }, folderOf, {})).toEqual({
      kind: 'remote',
      url: 'http://box:7878',
      token: 't',
    });
    expect(targetOf({ host: 'box:7878' }, folderOf, {})).toEqual({
      kind: 'remote',
      url: 'http://box:7878',
      token: null,
    });
    expect(targetOf({ host: 'https://farm.example/framegauge/' }, folderOf, {})).toEqual({
      kind: 'remote',
      url: 'https://farm.example/framegauge',
      token: null,
    });
  });

  it('is taken from the address of the UI with its token', () => {
    expect(targetOf({ host: 'http://127.0.0.1:7878/#token=abc' }, folderOf, {})).toEqual({
      kind: 'remote',
      url: 'http://127.0.0.1:7878',
      token: 'abc',
    });
  });

  it('is the environment’s unless something was typed', () => {
    const env = { FRAMEGAUGE_HOST: 'box:1', FRAMEGAUGE_TOKEN: 'e' };
    expect(targetOf({}, folderOf, env)).toEqual({ kind: 'remote', url: 'http://box:1', token: 'e' });
    expect(targetOf({ host: 'http://other:2', token: 't' }, folderOf, env)).toEqual({
      kind: 'remote',
      url: 'http://other:2',
      token: 't',
    });
    expect(targetOf({ data: '/x' }, folderOf, env)).toEqual({ kind: 'data', folder: '/x' });
    expect(targetOf({}, folderOf, { FRAMEGAUGE_HOST: '', FRAMEGAUGE_TOKEN: 'e' })).toEqual({
      kind: 'data',
      folder: '/usual',
    });
  });

  it.each([
    [{ host: '', data: undefined }, {}, /--host cannot be “”/],
    [{ host: 'ftp://box' }, {}, /--host cannot be “ftp:\/\/box”: write an address as http:\/\/box:7878/],
    [{ host: 'http://' }, {}, /--host cannot be/],
    [{ host: 'box:seven' }, {}, /--host cannot be “box:seven”/],
    [{}, { FRAMEGAUGE_HOST: 'a b' }, /FRAMEGAUGE_HOST cannot be “a b”/],
    [{ host: 'box', data: '/x' }, {}, /leave one of them out/],
    [{ host: 'box', token: 'a b' }, {}, /^The token has characters that no token has/],
    [{ host: 'box', token: '' }, {}, /or is empty/],
    [{ token: 't' }, {}, /--token goes with --host/],
  ])('is refused: %o', (options, env, sentence) => {
    expect(() => targetOf(options, folderOf, env)).toThrow(
      expect.objectContaining({ kind: 'arguments', message: expect.stringMatching(sentence) as string }),
    );
  });
});
