import { z } from 'zod';
import { type Operator, type OperatorParameter, operatorRunSchema } from '../../shared/operators';
import { problemAnswers } from '../http/problem';

type Json = Record<string, unknown>;

/** Error statuses of running an operator, and when. */
const REFUSALS: Readonly<Record<number, string>> = {
  400: 'The request cannot be read',
  401: 'The token is missing or wrong',
  403: 'The token may only look, or the request came from another site',
  404: 'The operator is no longer there, or a job that a parameter names',
  409: 'It cannot be done as things are now',
  422: 'A parameter is missing, unknown or does not fit',
};

/**
 * The OpenAPI document of the operators that there are at the moment, each with the schemas of its parameters
 * (https://spec.openapis.org/oas/v3.1.1.html).
 *
 * @param version the program's version
 */
export function operatorsOpenApi(version: string, operators: readonly Operator[]): Json {
  const { $schema: _schema, ...run } = z.toJSONSchema(operatorRunSchema, { io: 'output' });
  return {
    openapi: '3.1.1',
    info: {
      title: 'Operators of Framegauge',
      version,
      description: 'What the add-ons that run at the moment can be told to do.',
    },
    servers: [{ url: '/api/v1' }],
    security: [{ token: [] }],
    tags: [...new Map(operators.map(({ addonId, addonName }) => [addonId, addonName]))].map(([name, description]) => ({
      name,
      description,
    })),
    paths: Object.fromEntries(
      operators.map((operator) => [`/operators/${operator.id}/run`, { post: operationOf(operator) }]),
    ),
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { OperatorRun: run },
    },
  };
}

function operationOf(operator: Operator): Json {
  const parameters = parametersSchema(operator.parameters);
  const isNeeded = (parameters['required'] as string[]).length > 0;
  return {
    operationId: operator.id.replaceAll(/\W/g, '_'),
    tags: [operator.addonId],
    summary: operator.label,
    description: `${operator.description === '' ? '' : `${operator.description}. `}Needs the control token. Answers when it has started, or with “wait” when it has ended, well or not.`,
    requestBody: {
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            additionalProperties: false,
            properties: { parameters, wait: { type: 'boolean', default: false } },
            required: isNeeded ? ['parameters'] : [],
          },
        },
      },
    },
    responses: {
      201: {
        description: 'The run',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/OperatorRun' } } },
      },
      ...problemAnswers(REFUSALS),
    },
  };
}

/** The JSON schema of an operator's parameters. One without a default has to be given. */
export function parametersSchema(parameters: readonly OperatorParameter[]): Json {
  return {
    type: 'object',
    additionalProperties: false,
    properties: Object.fromEntries(parameters.map((parameter) => [parameter.key, schemaOf(parameter)])),
    required: parameters
      .filter((parameter) => !('default' in parameter) || parameter.default === undefined)
      .map(({ key }) => key),
  };
}

function schemaOf(parameter: OperatorParameter): Json {
  const { label, description } = parameter;
  return {
    title: label,
    ...(description === '' ? {} : { description }),
    ...typeOf(parameter),
    ...('default' in parameter && parameter.default !== undefined ? { default: parameter.default } : {}),
  };
}

function typeOf(parameter: OperatorParameter): Json {
  switch (parameter.type) {
    case 'string':
    case 'path':
      // The whole text has to match, and a schema's pattern may match anywhere.
      return { type: 'string', ...(parameter.pattern === undefined ? {} : { pattern: `^(?:${parameter.pattern})$` }) };
    case 'integer':
    case 'number':
      return {
        type: parameter.type,
        ...(parameter.min === undefined ? {} : { minimum: parameter.min }),
        ...(parameter.max === undefined ? {} : { maximum: parameter.max }),
      };
    case 'boolean':
      return { type: 'boolean' };
    case 'enum':
      return { type: 'string', enum: parameter.values };
    case 'job':
      return { type: 'integer', minimum: 1, format: 'job' };
    case 'frame':
      return { type: 'integer', format: 'frame' };
    case 'frames':
      return { type: 'string', format: 'frames', examples: ['1-24', '1,5,7'] };
  }
}
