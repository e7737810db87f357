import { type KeyObject, X509Certificate, createPrivateKey } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import { unbracketed } from '../../shared/host-names';
import { UserError, messageOf } from '../../shared/user-error';
import { readRegularFile } from '../data/open-regular-file';
import { type Certificate, fingerprintOf } from './certificate';

/** In place of a fingerprint: the machine itself trusts who issued the certificate, as browsers do. */
export const PUBLIC = 'public';

/** What the manager shows to machines, PEM. */
export interface ServedCertificate {
  /** With those of its issuers after it. */
  readonly cert: string;
  readonly key: string;
  /**
   * What machines know it by: the fingerprint of the last one in the chain if that is its own issuer, so that another
   * one of the same issuer is known, too; else {@link PUBLIC}.
   */
  readonly pin: string;
  /** The last one of the chain. */
  readonly last: X509Certificate;
  /** When machines take it no more, in ms since 1970. */
  readonly until: number;
  /** When a person is told that it ends, in ms since 1970. */
  readonly noticeAt: number;
  /** The name or address by which machines reach it. @param usual that they would without a certificate of the studio's */
  hostName(usual: string): string;
}

/** Where a studio's own certificate is. */
export interface CertificateFiles {
  /** PEM: the server's, and those of its issuers after it. */
  readonly certificate: string;
  /** PEM, not encrypted. */
  readonly key: string;
}

/** Files with more bytes hold something else. */
const MAX_BYTES = 1024 * 1024;
/** Certificates of a chain, which has three or four. */
export const MAX_CHAIN = 20;
/** How long before its end a person is told, in ms; of one that lasts for a short time, the last third. */
const NOTICE = 14 * 86_400_000;
const LOOPBACK = /^(?:localhost|127\.[\d.]+|\[(?:::1|(?:0:){7}1)\])$/i;
const BEGINNING = /-----BEGIN CERTIFICATE-----/g;
const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

/** The manager's own, which machines know by itself, whatever name it is reached by. */
export function servedOwn({ cert, key, fingerprint }: Certificate): ServedCertificate {
  const last = new X509Certificate(cert);
  return { cert, key, pin: fingerprint, last, until: Infinity, noticeAt: Infinity, hostName: (usual) => usual };
}

/**
 * Reads a studio's certificate and its key.
 *
 * @throws UserError when they can't be read, don't belong together, or machines would not take them
 */
export async function readCertificate(files: CertificateFiles): Promise<ServedCertificate> {
  const [text, secret] = await Promise.all([read(files.certificate), read(files.key)]);
  const whole = text.match(CERTIFICATES) ?? [];
  // It may be written at this moment.
  if (whole.length !== (text.match(BEGINNING) ?? []).length) throw damaged(files.certificate);
  const chain = whole.slice(0, MAX_CHAIN).map((pem) => parsed(pem, files.certificate));
  const [own] = chain;
  if (!own)
    throw new UserError(
      `${files.certificate} holds no certificate: the preference farm.certificate names a PEM file with the server’s certificate and its issuers’ (fullchain.pem).`,
    );
  if (!own.checkPrivateKey(keyOf(secret, files.key)))
    throw new UserError(
      `${files.key} is not the key of the first certificate in ${files.certificate}: name the pair that was issued together.`,
    );
  const stray = chain.findIndex((one, at) => at > 0 && !chain[at - 1]!.checkIssued(one));
  if (stray !== -1)
    throw new UserError(
      `Certificate ${stray + 1} in ${files.certificate} did not issue the one before it: write the server’s first, and after each the one that issued it.`,
    );
  const last = chain.at(-1)!;
  const isRoot = last.checkIssued(last);
  // Of a public authority's, machines may know another way to a root than the file's.
  const counted = isRoot ? chain : [own];
  const from = Math.max(...counted.map(({ validFrom }) => Date.parse(validFrom)));
  const until = Math.min(...counted.map(({ validTo }) => Date.parse(validTo)));
  if (until <= Date.now())
    throw new UserError(`The certificate in ${files.certificate} ended on ${dateOf(until)}: renew it.`);
  if (from > Date.now())
    throw new UserError(
      `The certificate in ${files.certificate} is valid from ${dateOf(from)} on: set the clock, or wait.`,
    );
  return {
    cert: chain.join(''),
    key: secret,
    pin: isRoot ? fingerprintOf(last.raw) : PUBLIC,
    last,
    until,
    noticeAt: until - Math.min(NOTICE, (until - from) / 3),
    hostName: (usual) => nameOf(own, usual),
  };
}

/** Whether machines that joined by one certificate take another one, too. */
export function isKnown(shown: ServedCertificate, joinedBy: ServedCertificate): boolean {
  const { last } = joinedBy;
  const isBelow = shown.last.checkIssued(last) && shown.last.verify(last.publicKey);
  return shown.pin === joinedBy.pin || (joinedBy.pin !== PUBLIC && isBelow);
}

export function dateOf(time: number): string {
  return new Date(time).toUTCString();
}

function damaged(file: string): UserError {
  return new UserError(`A certificate in ${file} is damaged: write the file again.`);
}

async function read(file: string): Promise<string> {
  try {
    return (await readRegularFile(file, MAX_BYTES)).toString('utf8');
  } catch (error) {
    throw new UserError(
      `${file} cannot be read (${messageOf(error)}): the preferences farm.certificate and farm.key name the files of the farm’s certificate and its key.`,
    );
  }
}

function parsed(pem: string, file: string): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw damaged(file);
  }
}

function keyOf(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    throw new UserError(
      `${file} holds no key that can be read: the preference farm.key names a PEM file that is not encrypted.`,
    );
  }
}

/** A name or address that it is for, as in a URL: the usual one if that is, else the first that others may reach. */
function nameOf(certificate: X509Certificate, usual: string): string {
  const plain = unbracketed(usual);
  const isFor = isIP(plain) ? certificate.checkIP(plain) : certificate.checkHost(plain);
  if (isFor) return usual;
  const names = [...(certificate.subjectAltName ?? '').matchAll(/(?:DNS|IP Address):([^\s,"]+)/g)]
    .map(([, name]) => name!.replace(/^\*(?=\.)/, hostname().split('.')[0]!))
    .map((name) => (isIP(name) === 6 ? `[${name}]` : name));
  return names.find((name) => !LOOPBACK.test(name)) ?? names[0] ?? usual;
}
