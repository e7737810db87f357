import type { z } from 'zod';
import { type OperationName, type OperationOutput, type OperationReply, operations } from '../shared/host-api';
import { UserError, messageOf } from '../shared/user-error';
import { ofDataFolder } from './data/system-error';

/** What each operation does, with input that fits its schema. */
export type OperationHandlers = {
  [N in OperationName]: (
    input: z.output<(typeof operations)[N]['input']>,
  ) => Promise<OperationOutput<N>> | OperationOutput<N>;
};

/**
 * Makes what carries out operations for anybody who asks, and never rejects: input is checked by the operation's
 * schema, and what goes wrong is an answer.
 *
 * @param dataFolder whose disk may be full
 * @param onFault told what was nobody's mistake but the program's
 */
export function createOperationCaller(
  handlers: OperationHandlers,
  dataFolder: string,
  onFault: (error: unknown, operation: string) => void,
): (operation: string, input: unknown) => Promise<OperationReply> {
  return async (operation, input) => {
    try {
      if (!isOperation(operation)) throw new UserError(`There is no operation “${operation}”.`, 'arguments');
      const parsed = operations[operation].input.safeParse(input);
      if (!parsed.success)
        throw new UserError(`${operation} was asked wrongly: ${firstProblem(parsed.error)}.`, 'arguments');
      const handler = handlers[operation] as (input: unknown) => unknown;
      return { ok: true, value: await handler(parsed.data) };
    } catch (thrown) {
      if (!(thrown instanceof UserError)) onFault(thrown, operation);
      const error = ofDataFolder(thrown, dataFolder);
      if (error instanceof UserError) return { ok: false, error: { message: error.message, kind: error.kind } };
      return { ok: false, error: { message: messageOf(error), kind: 'internal' } };
    }
  };
}

function isOperation(name: string): name is OperationName {
  return Object.hasOwn(operations, name);
}

function firstProblem(error: z.ZodError): string {
  const issue = error.issues[0];
  return issue ? `${issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue.message}` : 'it does not fit';
}
