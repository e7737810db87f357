import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { type ConnectionOptions, checkServerIdentity, connect } from 'node:tls';
import { isCertificateError } from '../../shared/certificate-error';
import { unbracketed } from '../../shared/host-names';
import { UserError, messageOf } from '../../shared/user-error';
import { fingerprintOf } from '../farm/certificate';
import { MAX_CHAIN, PUBLIC } from '../farm/served-certificate';

/** A connection without a byte for this long is given up, in milliseconds. */
export const SILENCE = 30_000;

/**
 * Options of a connection that trusts the manager only.
 *
 * @param certificate PEM: the manager's own, which proves whose server it is by whatever name that is reached; or that of
 * a studio's issuer, which may have issued others', so the name counts. null: any that this machine trusts, by its name.
 */
export function trustIn(certificate: string | null): Pick<ConnectionOptions, 'ca' | 'checkServerIdentity'> {
  if (certificate === null) return {};
  const { fingerprint256 } = new X509Certificate(certificate);
  return {
    ca: certificate,
    checkServerIdentity: (host, shown) =>
      shown.fingerprint256 === fingerprint256 ? undefined : checkServerIdentity(host, shown),
  };
}

/** What a manager is known by, as in a token. @param certificate as {@link trustIn} */
export function pinOf(certificate: string | null): string {
  return certificate === null ? PUBLIC : fingerprintOf(certificate);
}

/**
 * Gets the certificate that a manager is known by. Nothing is sent before the manager has proved itself.
 *
 * @param url of the manager for machines
 * @param pin SHA-256 of the certificate, base64url, or {@link PUBLIC}
 * @returns as {@link trustIn} takes it
 * @throws UserError when the manager can't be reached, or another answers in its place; the system's error where it
 * {@link isDropped drops the connection}
 */
export async function provedCertificate(url: string, pin: string): Promise<string | null> {
  const certificate = pin === PUBLIC ? null : await withFingerprint(url, pin);
  await reach(url, trustIn(certificate));
  return certificate;
}

/** The one in the chain that is shown, which proves nothing yet. */
async function withFingerprint(url: string, fingerprint: string): Promise<string> {
  let shown = await reach(url, { rejectUnauthorized: false });
  for (let at = 0; shown && at < MAX_CHAIN; at++, shown = shown.issuerCertificate)
    if (fingerprintOf(shown.raw) === fingerprint) return shown.toString();
  throw new UserError(
    `What answers at ${url} is not the manager that is expected: its certificate is another one. Check the address, or join with a new invitation from there.`,
  );
}

/** Whether an error says that something answered and dropped the connection, as a manager does that is asked by too many. */
export function isDropped(error: unknown): boolean {
  const { cause = error } = error as Error;
  return (cause as NodeJS.ErrnoException).code === 'ECONNRESET';
}

/**
 * @returns the certificate that is shown
 * @throws UserError when it can't be reached, the system's error where it {@link isDropped drops the connection}
 */
async function reach(url: string, options: ConnectionOptions): Promise<X509Certificate | undefined> {
  const { hostname, port } = new URL(url);
  const host = unbracketed(hostname);
  const servername = isIP(host) === 0 ? host : undefined;
  const socket = connect({ host, port: Number(port) || 443, servername, minVersion: 'TLSv1.3', ...options });
  socket.setTimeout(SILENCE, () => socket.destroy(new Error('it does not answer')));
  try {
    await once(socket, 'secureConnect');
    return socket.getPeerX509Certificate();
  } catch (error) {
    if (isDropped(error)) throw error;
    throw new UserError(
      isCertificateError((error as NodeJS.ErrnoException).code ?? '')
        ? `What answers at ${url} does not prove that it is the manager (${messageOf(error)}): write a name that its certificate is for. If a studio’s own authority issued it, name that one’s certificate in NODE_EXTRA_CA_CERTS.`
        : `The manager at ${url} cannot be reached (${messageOf(error)}): check the address, that the host runs there, and that no firewall is between.`,
    );
  } finally {
    socket.destroy();
  }
}
