import { describe, expect, it } from 'vitest';
import { completeParameters } from '../../../../src/main/addons/offers/operator-parameters';
import { createPatternMatch } from '../../../../src/main/preferences/pattern-match';
import { operatorDefinitionSchema } from '../../../../src/shared/operators';

const { parameters } = operatorDefinitionSchema.parse({
  id: 'encode',
  label: 'Encode',
  parameters: [
    { key: 'job', type: 'job', label: 'Job' },
    { key: 'frames', type: 'frames', label: 'Frames', default: '' },
    { key: 'quality', type: 'integer', label: 'Quality', default: 5, min: 0, max: 10 },
    { key: 'format', type: 'enum', label: 'Format', values: ['mp4', 'gif'], default: 'mp4' },
    { key: 'draft', type: 'boolean', label: 'Draft' },
    { key: 'name', type: 'string', label: 'Name', default: '', pattern: '[a-z]+' },
  ],
});
const complete = (given: Record<string, string | number | boolean>) =>
  completeParameters({ id: 'video.encode', parameters }, given, (id) => id === 3, createPatternMatch());

describe('the parameters of a run', () => {
  it('may be left out where they have a default, though it is empty', () => {
    expect(complete({ job: 3 })).toMatchObject({ frames: '', name: '', draft: false });
  });

  it('are completed with defaults and converted from text', () => {
    expect(complete({ job: '3', frames: '1-4', quality: '7', draft: 'yes', name: 'a' })).toEqual({
      job: 3,
      frames: '1-4',
      quality: 7,
      format: 'mp4',
      draft: true,
      name: 'a',
    });
  });

  it.each([
    [{}, 'The operator “video.encode” needs the parameter “job” (Job).'],
    [{ job: 4, frames: '1' }, 'There is no job 4, which “Job” names.'],
    [{ job: 'x' }, '“x” does not fit “Job”: a number is expected.'],
    [{ job: 3, frames: 'all' }, 'all'],
    [{ job: 3, frames: '1', quality: 11 }, 'the largest is 10'],
    [{ job: 3, frames: '1', quality: Number.NaN }, 'a number is expected'],
    [{ job: 3, frames: '1', format: 'avi' }, 'choose one of mp4, gif'],
    [{ job: 3, frames: '1', name: 'A' }, 'it must match [a-z]+'],
    [{ job: 3, colour: 'red' }, 'has no parameter “colour”: it has job, frames, quality, format, draft, name.'],
    [{ job: 3, __proto__: null, constructor: 1 }, 'has no parameter “constructor”'],
  ])('%j are refused', (given, reason) => {
    expect(() => complete(given as never)).toThrow(reason);
  });
});
