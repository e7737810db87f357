import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** The manager's own certificate, which is made at its first start. @param folder exists */
export async function ownCertificate(folder: string): Promise<Certificate> {
  const certFile = join(folder, 'certificate.pem');
  const keyFile = join(folder, 'key.pem');
  const read = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null);
  let [cert, key] = [await read(certFile), await read(keyFile)];
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

/** SHA-256 of a certificate, base64url. @param certificate PEM or DER */
export function fingerprintOf(certificate: string | Buffer): string {
  const { fingerprint256 } = new X509Certificate(certificate);
  return Buffer.from(fingerprint256.replaceAll(':', ''), 'hex').toString('base64url');
}
