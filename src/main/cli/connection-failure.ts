import { isCertificateError } from '../../shared/certificate-error';
import { UserError } from '../../shared/user-error';

/** The host that a command tried to reach; a local one has a process id. */
export interface UnreachableHost {
  readonly url: string;
  readonly pid?: number;
  /** Whether a token was given at all. */
  readonly token?: string | null;
}

/**
 * Explains why the server at a host's address refused the connection. @param status its HTTP status for the WebSocket
 * upgrade
 */
export function explainAnswer(host: UnreachableHost, status: number): UserError {
  if (status === 401) {
    return new UserError(
      host.token === null || host.token === ''
        ? `The host at ${host.url} wants a token: give it with --token or FRAMEGAUGE_TOKEN; “framegauge serve” prints it there.`
        : `The host at ${host.url} does not take this token: “framegauge serve” prints the right one there.`,
    );
  }
  if (status === 403)
    return new UserError(
      `The host at ${host.url} refuses this token the right to connect: use one with read or control rights.`,
    );
  if (status === 421)
    return new UserError(
      `The host at ${host.url} does not answer to that name: use the name or address that it was started with (serve --host).`,
    );
  if (status === 429) return new UserError(`The host at ${host.url} was asked too often: wait a minute and try again.`);
  if (status === 400)
    return new UserError(
      `What answers at ${host.url} does not understand plain http: it is no Framegauge, or it is behind TLS; then write https://.`,
    );
  return new UserError(
    `What answers at ${host.url} is no Framegauge (HTTP ${status}): check the address and port; “framegauge serve” prints them.`,
  );
}

/** Explains why no host could be reached at an address. */
export function explainFailure(host: UnreachableHost, error: NodeJS.ErrnoException): UserError {
  // All addresses of one name fail together, each with its own error.
  const code = error.code ?? (error as { errors?: NodeJS.ErrnoException[] }).errors?.[0]?.code ?? '';
  const secure = host.url.startsWith('https:');
  if (host.pid !== undefined)
    return new UserError(
      `The host at ${host.url} cannot be reached (${error.message || code}): end process ${host.pid} or start it again.`,
    );
  if (code === 'ECONNREFUSED')
    return new UserError(
      `No host runs at ${host.url}: start one there with “framegauge serve --host 0.0.0.0”, or check the address and port.`,
    );
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN')
    return new UserError(`The name in ${host.url} is not known: check its spelling, or write the machine’s address.`);
  if (['ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH'].includes(code) || /timed out/i.test(error.message)) {
    return new UserError(
      `Nothing answers at ${host.url}: check that the machine is on, and that no firewall is in between.`,
    );
  }
  if (isCertificateError(code)) {
    return new UserError(
      `The certificate of ${host.url} is not trusted (${code}): name the authority that signed it in NODE_EXTRA_CA_CERTS.`,
    );
  }
  if (
    secure &&
    (code.startsWith('ERR_SSL') || code === 'EPROTO' || code === 'ECONNRESET' || /SSL|TLS/i.test(error.message))
  ) {
    return new UserError(`What answers at ${host.url} does not speak TLS: write http:// instead.`);
  }
  if (!secure && (code === 'ECONNRESET' || code.startsWith('HPE_') || /hang up|Parse Error/i.test(error.message))) {
    return new UserError(
      `What answers at ${host.url} does not speak plain http: it is no Framegauge, or it is behind TLS; then write https://.`,
    );
  }
  return new UserError(
    `What answers at ${host.url} is no Framegauge (${error.message || code}): check the address and port.`,
  );
}
