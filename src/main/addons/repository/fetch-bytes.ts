import { isCertificateError } from '../../../shared/certificate-error';
import { UserError } from '../../../shared/user-error';

const MAX_REDIRECTS = 5;

interface FetchLimits {
  /** Bytes of the body. */
  readonly limit: number;
  /** Milliseconds until the last byte. */
  readonly time: number;
}

/**
 * Fetches a file over http(s). Redirects are followed within one scheme only, so that https stays https; more bytes than
 * the limit end it, whatever the headers say.
 *
 * @returns the address that answered, and its bytes as they arrive
 * @throws UserError a clause with a reason, as “it answers 404”; from the body too
 */
export async function fetchBytes(
  asked: URL,
  { limit, time }: FetchLimits,
): Promise<{ url: URL; body: AsyncIterable<Buffer> }> {
  const signal = AbortSignal.timeout(time);
  let url = asked;
  for (let redirects = 0; ; redirects++) {
    const answer = await attempt(() => fetch(url, { redirect: 'manual', signal, credentials: 'omit' }), time);
    if (answer.status >= 300 && answer.status < 400) {
      await answer.body?.cancel();
      const location = answer.headers.get('location');
      if (location === null || !URL.canParse(location, url)) throw new UserError('it redirects to nowhere.');
      const next = new URL(location, url);
      if (next.protocol !== url.protocol) throw new UserError(`it redirects from ${url.protocol} to ${next.protocol}.`);
      if (redirects >= MAX_REDIRECTS) throw new UserError(`it redirects more than ${MAX_REDIRECTS} times.`);
      url = next;
      continue;
    }
    if (!answer.ok || !answer.body) {
      await answer.body?.cancel();
      throw new UserError(`it answers with HTTP ${answer.status}.`);
    }
    return { url, body: upTo(answer.body, limit, time) };
  }
}

async function* upTo(body: ReadableStream<Uint8Array>, limit: number, time: number): AsyncGenerator<Buffer> {
  const reader = body.getReader();
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await attempt(() => reader.read(), time);
      if (done) return;
      bytes += value.length;
      if (bytes > limit) throw new UserError(`it sends more than ${limit} bytes.`);
      yield Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** What helps against a certificate of an authority of one's own: the packaged Electron reads no such variable. */
const TRUST =
  'electron' in process.versions
    ? 'share the repository as a folder, or run Framegauge with “serve”.'
    : 'name the authority that signed it in NODE_EXTRA_CA_CERTS.';

/** Node says why in the cause of “fetch failed”. */
async function attempt<T>(step: () => Promise<T>, time: number): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const { name, cause } = error as Error;
    if (name === 'TimeoutError') throw new UserError(`it did not answer within ${time / 1_000} s.`);
    const code = (cause as NodeJS.ErrnoException | undefined)?.code;
    throw new UserError(
      code === 'ENOTFOUND' || code === 'EAI_AGAIN'
        ? 'there is no machine of that name.'
        : code === 'ECONNREFUSED'
          ? 'nobody answers there.'
          : code !== undefined && isCertificateError(code)
            ? /ALTNAME/.test(code)
              ? 'its certificate is for another name: use that one.'
              : `its certificate is not trusted (${code}): ${TRUST}`
            : `the connection failed${code === undefined ? '' : ` (${code})`}.`,
    );
  }
}
