import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { Agent, type RequestOptions, request } from 'node:https';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { parseJson } from '../../shared/parse-json';
import { messageOf } from '../../shared/user-error';
import { SILENCE, trustIn } from './manager-trust';

/** Prefix of the manager's routes for machines. */
const PREFIX = '/api/v1/farm';
/** Maximum size of an answer in JSON, in bytes: the list of a scene's files is the largest. */
const MAX_ANSWER = 64 * 1024 * 1024;

const problemSchema = z.object({ detail: z.string().max(4_000) });

/** The manager refuses a request. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError';
  constructor(
    /** HTTP status. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** The manager can't be reached. */
class AwayError extends Error {}

/** Whether an error says that the manager was away, broke off, or is just being started. */
export function isAway(error: unknown): boolean {
  if (error instanceof RefusedError) return error.status >= 500;
  const { code } = error as NodeJS.ErrnoException;
  return error instanceof AwayError || code === 'ECONNRESET' || code === 'ERR_STREAM_PREMATURE_CLOSE';
}

/** A body, and what describes it. */
export interface Sent {
  readonly body: string | Buffer | Readable;
  readonly headers: Readonly<Record<string, string | number>>;
}

type Answer = IncomingMessage & { readonly statusCode: number };

/** Asks the manager of a farm. Methods reject with RefusedError where it refuses, with another error where it is away. */
export interface FarmClient {
  /** @returns the answer, checked; undefined where there is none */
  ask<S extends z.ZodType>(
    method: string,
    path: string,
    body: unknown,
    answer: S,
    more?: { readonly signal: AbortSignal },
  ): Promise<z.output<S>>;
  /** @returns the answer, checked */
  get<S extends z.ZodType>(
    path: string,
    headers: Sent['headers'],
    answer: S,
    signal: AbortSignal,
  ): Promise<z.output<S>>;
  /** Sends a file. @param signal gives it up @returns the headers of the answer */
  send(method: string, path: string, sent: Sent, signal: AbortSignal): Promise<IncomingHttpHeaders>;
  /** Receives a text. */
  read(path: string, signal: AbortSignal): Promise<string>;
  /** Receives a file. @param signal gives it up @param from number of its first bytes that are left out */
  receive(path: string, signal: AbortSignal, from?: number): Promise<Readable>;
  close(): void;
}

/**
 * Creates a client that trusts the manager only.
 *
 * @param url of the manager for machines
 * @param certificate as {@link trustIn}
 * @param token of this machine; null before it has joined
 */
export function createFarmClient(url: string, certificate: string | null, token: string | null): FarmClient {
  const agent = new Agent({
    keepAlive: true,
    ...trustIn(certificate),
    minVersion: 'TLSv1.3',
  });

  async function exchange(method: string, path: string, sent: Sent | null, signal?: AbortSignal): Promise<Answer> {
    const options: RequestOptions = {
      method,
      agent,
      signal,
      timeout: SILENCE,
      headers: { ...(token === null ? {} : { authorization: `Bearer ${token}` }), ...sent?.headers },
    };
    const asked = request(new URL(PREFIX + path, url), options);
    asked.on('timeout', () => asked.destroy(new Error('the manager does not answer')));
    // After the answer's headers a connection that breaks off is an error of the request, too: the answer's own tells it.
    asked.on('error', () => undefined);
    const answered = once(asked, 'response') as Promise<[Answer]>;
    // A refusal may come before the body is sent, which then breaks off; a body that can't be read ends the request.
    if (sent?.body instanceof Readable) pipeline(sent.body, asked).catch(() => undefined);
    else asked.end(sent?.body);
    const [response] = await answered.catch((error: unknown) => {
      throw signal?.aborted ? error : new AwayError(messageOf(error), { cause: error });
    });
    const { statusCode } = response;
    if (statusCode >= 200 && statusCode < 300) return response;
    const told = problemSchema.safeParse(parseJson(await limitedText(response)));
    throw new RefusedError(statusCode, told.success ? told.data.detail : `The manager answered ${statusCode}.`);
  }

  return {
    async ask(method, path, body, answer, more) {
      const json = JSON.stringify(body);
      const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) };
      return readAnswer(await exchange(method, path, { body: json, headers }, more?.signal), answer);
    },
    get: async (path, headers, answer, signal) =>
      readAnswer(await exchange('GET', path, { body: '', headers }, signal), answer),
    async send(method, path, sent, signal) {
      return (await exchange(method, path, sent, signal)).resume().headers;
    },
    read: async (path, signal) => limitedText(await exchange('GET', path, null, signal)),
    async receive(path, signal, from = 0) {
      const part = from === 0 ? null : { body: '', headers: { range: `bytes=${from}-` } };
      const response = await exchange('GET', path, part, signal);
      if (part && response.statusCode !== 206) throw new Error('The manager sends whole files only.');
      return response;
    },
    close: () => agent.destroy(),
  };
}

async function limitedText(response: AsyncIterable<Buffer>): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER) throw new Error('The manager’s answer is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function readAnswer<S extends z.ZodType>(response: Answer, schema: S): Promise<z.output<S>> {
  const read = schema.safeParse(parseJson(await limitedText(response)));
  if (read.success) return read.data;
  throw new Error('The manager’s answer cannot be read: install the same version of Framegauge on both machines.');
}
