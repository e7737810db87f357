import type { FastifyInstance } from 'fastify';
import { type JsonExtent, fitsExtent } from '../../shared/scan-json';
import { Problem } from './problem';

/** Extent of a request's JSON, far above the largest: a megabyte of brackets takes a second to parse. */
export const REQUEST_EXTENT: JsonExtent = { values: 20_000, depth: 32 };

/** Takes JSON bodies, and rejects one that is announced but empty, or has more in it than is looked at. */
export function takeJson(server: FastifyInstance, extent = REQUEST_EXTENT): void {
  const parse = server.getDefaultJsonParser('error', 'error');
  server.removeContentTypeParser('application/json');
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const bytes = body as Buffer;
    if (bytes.length === 0) done(null);
    else if (!fitsExtent(bytes, extent))
      done(new Problem(400, 'The body has too many values, or they are nested too deep.'));
    else void parse(request, String(bytes), done);
  });
}
