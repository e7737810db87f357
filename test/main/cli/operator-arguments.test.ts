import { describe, expect, it } from 'vitest';
import { operatorArguments } from '../../../src/main/cli/operator-arguments';
import { operatorDefinitionSchema } from '../../../src/shared/operators';

const operator = {
  id: 'video.encode',
  parameters: operatorDefinitionSchema.parse({
    id: 'encode',
    label: 'Encode',
    parameters: [
      { key: 'frameRate', type: 'number', label: 'Frame rate' },
      { key: 'draft', type: 'boolean', label: 'Draft' },
      { key: 'host', type: 'string', label: 'Host', default: '' },
    ],
  }).parameters,
};

describe('an operator’s parameters on the command line', () => {
  it.each([
    [['--frame-rate', '24'], { frameRate: '24' }],
    [['--frameRate=24', '--draft'], { frameRate: '24', draft: true }],
    [['--frame-rate', '-5', '--no-draft'], { frameRate: '-5', draft: false }],
    [['--draft', 'false', '--frame-rate='], { draft: 'false', frameRate: '' }],
    [['--draft', '--frame-rate', '--draft'], { draft: true, frameRate: '--draft' }],
  ])('%j', (words, values) => {
    expect(operatorArguments(operator, words, [])).toEqual(values);
  });

  it('may be set by name where the command has an option of that name', () => {
    expect(operatorArguments(operator, [], ['host=a=b', 'frame-rate=1'])).toEqual({ host: 'a=b', frameRate: '1' });
  });

  it.each([
    [['--quality', '5'], [], 'has no parameter “--quality”: it has --frame-rate, --draft, --host.'],
    [['--frame-rate'], [], '--frame-rate needs a value.'],
    [['24'], [], '“24” is not understood'],
    [['-x'], [], '“-x” is not understood'],
    [[], ['host'], '--set takes KEY=VALUE, and “host” is none.'],
  ])('%j %j are refused', (words, set, reason) => {
    expect(() => operatorArguments(operator, words, set)).toThrow(reason);
  });
});
