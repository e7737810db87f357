import type { Readable } from 'node:stream';
import type { SecureContextOptions, Server } from 'node:tls';
import rateLimit from '@fastify/rate-limit';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { UserError } from '../../shared/user-error';
import { answerInTurn } from '../http/answer-in-turn';
import { takeJson } from '../http/take-json';
import { type ConnectionLimits, limitConnections } from '../http/connections';
import { oneAddress } from '../http/one-address';
import { Problem, problemOf, sendProblem } from '../http/problem';
import { type FarmRoutesOptions, registerFarmRoutes } from './farm-routes';
import { MachineConnections } from './machine-connections';
import type { ServedCertificate } from './served-certificate';

/** Maximum size of a JSON body, in bytes: the result of a ticket, with its log, is the largest. */
const MAX_BODY = 2 * 1024 * 1024;
/** Of such a body. */
const BODY_EXTENT = { values: 100_000, depth: 32 };
/** Timeout for receiving a request, in milliseconds: a large image over a slow line. */
const REQUEST_TIMEOUT = 3_600_000;
/** For the handshake of TLS, in milliseconds: before it nobody has shown who they are. */
const HANDSHAKE_TIMEOUT = 5_000;
/** Several machines may have one address, and each has a few connections. */
const CONNECTION_LIMITS = { total: 10_000, ofAddress: 2_000 };
/** Requests from one address with a wrong secret or token, per minute. */
const MAX_REFUSALS = 30;
const MINUTE = 60_000;

export interface FarmServerOptions extends Omit<FarmRoutesOptions, 'refused' | 'connections'> {
  readonly listen: { readonly host: string; readonly port: number };
  readonly certificate: Pick<ServedCertificate, 'cert' | 'key'>;
  readonly limits?: ConnectionLimits;
  onFault(error: unknown, request: { readonly method: string; readonly url: string }): void;
}

export interface FarmServer {
  readonly port: number;
  /** Shows another certificate to those that connect from now on. */
  show(certificate: FarmServerOptions['certificate']): void;
  /** Closes the connections of a machine that was forgotten. */
  forget(machineId: string): void;
  close(): Promise<void>;
}

/**
 * Starts the server for machines: HTTPS with the manager's certificate, and none of the control server's routes.
 *
 * @throws UserError when the address can't be bound
 */
export async function startFarmServer(options: FarmServerOptions): Promise<FarmServer> {
  const { listen, certificate, onFault } = options;
  const answerError = (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = problemOf(error);
    if (!problem) onFault(error, request);
    return sendProblem(reply, problem ?? new Problem(500, 'Something went wrong inside of the manager.'));
  };
  const app = fastify({
    https: {
      ...shown(certificate),
      handshakeTimeout: HANDSHAKE_TIMEOUT,
    },
    bodyLimit: MAX_BODY,
    forceCloseConnections: true,
    requestTimeout: REQUEST_TIMEOUT,
    frameworkErrors: answerError,
  }) as unknown as FastifyInstance;
  answerInTurn(app.server);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request) => {
    throw new Problem(404, `There is nothing for machines at ${request.url.split('?')[0]}.`);
  });
  takeJson(app, BODY_EXTENT);
  // Its size is checked with the ticket at hand.
  app.addContentTypeParser('application/octet-stream', { bodyLimit: Number.MAX_SAFE_INTEGER }, (_request, body, done) =>
    done(null, body as Readable),
  );
  const connections = new MachineConnections();
  await app.register(rateLimit, { global: false });
  const countRefusal = app.createRateLimit({ max: MAX_REFUSALS, timeWindow: MINUTE });
  await app.register((server) =>
    registerFarmRoutes(server, {
      ...options,
      connections,
      async refused(request) {
        const counted = await countRefusal(request);
        return counted.isAllowed || !counted.isExceeded;
      },
    }),
  );
  limitConnections(app.server, options.limits ?? CONNECTION_LIMITS);
  try {
    await app.listen({ host: await oneAddress(listen.host), port: listen.port });
  } catch (error) {
    await app.close();
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UserError(
      `The farm cannot listen on ${listen.host}:${listen.port} (${code === 'EADDRINUSE' ? 'the port is in use' : message}): choose another address with the preference farm.listen.`,
    );
  }
  const address = app.server.address();
  return {
    port: typeof address === 'object' && address ? address.port : listen.port,
    show: (renewed) => (app.server as unknown as Server).setSecureContext(shown(renewed)),
    forget: (machineId) => connections.end(machineId),
    close: () => app.close(),
  };
}

function shown({ cert, key }: FarmServerOptions['certificate']): SecureContextOptions {
  return { cert, key, minVersion: 'TLSv1.3' };
}
