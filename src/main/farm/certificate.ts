import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UserError, messageOf } from '../../shared/user-error';
import { writeFileAtomically } from '../data/write-file-atomically';

/** A certificate with its key, PEM. */
export interface Certificate {
  readonly cert: string;
  readonly key: string;
  /** SHA-256 of the certificate, base64url: machines accept only this one. */
  readonly fingerprint: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/** Valid for as long as the data folder will be used: machines trust the certificate itself, not a date. */
const YEARS = 30;
/** Valid since then, whatever the clocks of machines say. */
const BEGIN = new Date('2020-01-01T00:00:00Z');

/**
 * The manager's own certificate, which is made at its first start.
 *
 * @param folder exists
 * @throws UserError when it is there and can't be read: with another one no machine would know the manager
 */
export async function ownCertificate(folder: string): Promise<Certificate> {
  const certFile = join(folder, 'certificate.pem');
  const keyFile = join(folder, 'key.pem');
  let [cert, key] = [await readIfThere(certFile), await readIfThere(keyFile)];
  if (cert !== null && key === null)
    throw new UserError(
      `${keyFile} is missing, the key of the farm’s certificate: put it back, or delete ${certFile}, too, and join every machine with a new invitation.`,
    );
  if (cert === null || key === null) {
    const { generate } = await import('selfsigned');
    const made = await generate([{ name: 'commonName', value: 'Framegauge farm' }], {
      keyType: 'ec',
      curve: 'P-256',
      algorithm: 'sha256',
      notBeforeDate: BEGIN,
      notAfterDate: new Date(Date.UTC(new Date().getUTCFullYear() + YEARS, 0)),
    });
    [cert, key] = [made.cert, made.private];
    // The key first: a certificate without one would be of no use.
    await writeFileAtomically(keyFile, key);
    await writeFileAtomically(certFile, cert);
  }
  return { cert, key, fingerprint: fingerprintOf(cert), certFile, keyFile };
}

/** null for a file that is not there. @throws UserError when it can't be read */
async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new UserError(`${file} cannot be read (${messageOf(error)}): give Framegauge the right to read it.`);
  }
}

/** SHA-256 of a certificate, base64url. @param certificate PEM or DER */
export function fingerprintOf(certificate: string | Buffer): string {
  const { fingerprint256 } = new X509Certificate(certificate);
  return Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
}
