import { z } from 'zod';
import { operatorParametersSchema, operatorRunSchema, operatorSchema } from '../../shared/operators';
import { Problem } from '../http/problem';
import { type RestRoute, route } from './rest-route';

const operatorId = z.object({ id: z.string().max(200).describe('As video.encode') });
const runNumber = z.object({ run: z.int().describe('Number of the run') });

/** Routes of add-ons' operators. */
export const operatorRoutes: readonly RestRoute[] = [
  route('GET', '/operators', 'operator.list', 'The operators of running add-ons, with their parameters', {
    id: 'listOperators',
    tag: 'Operators',
  }),
  route('GET', '/operators/:id', 'operator.list', 'One operator', {
    id: 'getOperator',
    tag: 'Operators',
    params: operatorId,
    input: () => ({}),
    output: operatorSchema,
    answer(operators, { params }) {
      const operator = operators.find(({ id }) => id === params.id);
      if (!operator) throw new Problem(404, `There is no operator “${params.id}”.`);
      return operator;
    },
  }),
  route(
    'POST',
    '/operators/:id/run',
    'operator.run',
    'Runs an operator. Answers when it has started, or with “wait” when it has ended, well or not',
    {
      id: 'runOperator',
      tag: 'Operators',
      params: operatorId,
      body: z.strictObject({
        parameters: operatorParametersSchema.default({}).describe('By key, of the types that the operator declares'),
        wait: z.boolean().default(false),
      }),
      status: 201,
      location: ({ run }) => `/operator-runs/${run}`,
    },
  ),
  route('GET', '/operator-runs', 'operator.runs', 'The runs under way and the last that ended, oldest first', {
    id: 'listOperatorRuns',
    tag: 'Operators',
  }),
  route('GET', '/operator-runs/:run', 'operator.runs', 'One run', {
    id: 'getOperatorRun',
    tag: 'Operators',
    params: runNumber,
    input: () => ({}),
    output: operatorRunSchema,
    answer(runs, { params }) {
      const run = runs.find((candidate) => candidate.run === params.run);
      if (!run) throw new Problem(404, `There is no run ${params.run} of an operator, or it ended long ago.`);
      return run;
    },
  }),
  route('POST', '/operator-runs/:run/cancel', 'operator.cancel', 'Asks a run to stop', {
    id: 'cancelOperatorRun',
    tag: 'Operators',
    params: runNumber,
  }),
];
