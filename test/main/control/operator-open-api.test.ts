import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { operatorsOpenApi, parametersSchema } from '../../../src/main/control/operator-open-api';
import { type OperatorParameterDeclaration, operatorDefinitionSchema } from '../../../src/shared/operators';

const parameters = (...declared: OperatorParameterDeclaration[]) =>
  operatorDefinitionSchema.parse({ id: 'encode', label: 'Encode', parameters: declared }).parameters;
const label = 'A label';

describe('the schema of an operator’s parameters', () => {
  const ajv = new Ajv2020({ strict: false, formats: { job: true, frame: true, frames: true } });

  it.each<[OperatorParameterDeclaration, unknown[], unknown[]]>([
    [{ key: 'a', label, type: 'string', pattern: '[a-z]+' }, ['abc'], ['a1', 3]],
    [{ key: 'a', label, type: 'string', pattern: 'a|b' }, ['a', 'b'], ['xa', 'bx']],
    [{ key: 'a', label, type: 'integer', min: 1, max: 3 }, [1, 3], [0, 4, 1.5, '1']],
    [{ key: 'a', label, type: 'number', default: 2 }, [0.5, -3], ['x']],
    [{ key: 'a', label, type: 'boolean' }, [true], ['yes']],
    [{ key: 'a', label, type: 'enum', values: ['h264', 'gif'] }, ['gif'], ['mp4']],
    [{ key: 'a', label, type: 'job' }, [12], [0, 'shot']],
    [{ key: 'a', label, type: 'frame' }, [-3], [1.5]],
    [{ key: 'a', label, type: 'frames' }, ['1-24'], [1]],
  ])('of %o takes what fits and nothing else', (declared, fitting, others) => {
    const fits = ajv.compile(parametersSchema(parameters(declared)));
    for (const a of fitting) expect(fits({ a }), String(a)).toBe(true);
    for (const a of others) expect(fits({ a }), String(a)).toBe(false);
    expect(fits({ b: fitting[0] })).toBe(false);
    expect(fits({})).toBe(declared.type === 'boolean' || ('default' in declared && declared.default !== undefined));
  });

  it('names what people see, and defaults', () => {
    const [, days] = parameters(
      { key: 'job', label: 'Job', type: 'job' },
      { key: 'days', label: 'Days', type: 'integer', default: 7, description: 'How old' },
    );
    expect(parametersSchema([days!])).toEqual({
      type: 'object',
      additionalProperties: false,
      properties: { days: { title: 'Days', description: 'How old', type: 'integer', default: 7 } },
      required: [],
    });
  });
});

it('a document without operators is one', () => {
  expect(operatorsOpenApi('1.0.0', [])).toMatchObject({ openapi: '3.1.1', paths: {}, tags: [] });
});
