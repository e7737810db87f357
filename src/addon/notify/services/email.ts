import { isIP } from 'node:net';
import { createTransport } from 'nodemailer';
import { fileName } from './discord';
import { DeliveryError, type ReadPreference, type Service } from './service';

const PORTS = { tls: 465, starttls: 587, none: 25 } as const;
type Security = keyof typeof PORTS;

/** In milliseconds; nodemailer's own are minutes. */
const TIMEOUTS = { dnsTimeout: 15_000, connectionTimeout: 15_000, greetingTimeout: 15_000, socketTimeout: 30_000 };

/** E-mail over SMTP. */
export function emailService(preference: ReadPreference): Service | null {
  const text = preference('smtpServer').trim();
  if (text === '') return null;
  const security = preference('smtpSecurity') as Security;
  const { host, port } = parseServer(text, PORTS[security]);
  const [user, pass] = [preference('smtpUser').trim(), preference('smtpPassword')];
  const from = preference('mailFrom').trim() || (user.includes('@') ? user : '');
  const to = preference('mailTo')
    .split(/[,;]/)
    .map((address) => address.trim())
    .filter((address) => address !== '');
  for (const address of [from, ...to]) checkAddress(address);
  if (to.length === 0) throw new Error('E-mail has no addresses to send to: enter them in To.');
  if (to.length > 50) throw new Error(`E-mail has ${to.length} addresses to send to; at most 50 are possible.`);
  if (security === 'none' && user !== '' && !isLoopback(host))
    throw new Error(`A password is not sent to ${host} without encryption: choose tls or starttls.`);

  return {
    name: 'email',
    takesImages: true,
    async send(notice, image, signal) {
      const transport = createTransport({
        host,
        port,
        secure: security === 'tls',
        requireTLS: security === 'starttls',
        ignoreTLS: security === 'none',
        ...(user === '' ? {} : { auth: { user, pass } }),
        ...TIMEOUTS,
        disableFileAccess: true,
        disableUrlAccess: true,
      });
      const stop = (): void => transport.close();
      signal.addEventListener('abort', stop, { once: true });
      try {
        await transport.sendMail({
          from,
          to,
          subject: notice.title,
          text: `${notice.text}\n`,
          messageId: `<${notice.id}@framegauge>`,
          date: new Date(notice.time),
          // So that no mailbox answers with its holiday note: RFC 3834, section 5.
          headers: { 'Auto-Submitted': 'auto-generated' },
          ...(image
            ? {
                attachments: [
                  { filename: fileName(image), content: Buffer.from(image.bytes), contentType: image.type },
                ],
              }
            : {}),
        });
      } catch (error) {
        throw explain(error, host);
      } finally {
        signal.removeEventListener('abort', stop);
        transport.close();
      }
    },
  };
}

function explain(error: unknown, host: string): DeliveryError {
  const { code, responseCode, message } = error as { code?: string; responseCode?: number; message: string };
  if (code === 'EAUTH')
    // Another attempt with the same password could lock the account.
    return new DeliveryError(`The mail server ${host} does not accept the user and the password: ${message}`, {
      permanent: true,
    });
  if (code === 'ETLS')
    return new DeliveryError(`The mail server ${host} offers no encryption that can be used: ${message}`, {
      permanent: true,
    });
  return new DeliveryError(`The mail server ${host} did not take the message: ${message}`, {
    permanent: responseCode !== undefined && responseCode >= 500,
    // 552 and 554 (RFC 5321, section 4.2.3) are what too large an attachment gets.
    imageRefused: responseCode === 552 || responseCode === 554,
  });
}

function parseServer(text: string, defaultPort: number): { host: string; port: number } {
  const match = /^(?:\[([^\]]+)\]|([^:\s/]+))(?::(\d{1,5}))?$/.exec(text);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (host === undefined || port < 1 || port > 65_535)
    throw new Error(`The SMTP server “${text.slice(0, 100)}” is none: write mail.example.org or mail.example.org:587.`);
  return { host, port };
}

function checkAddress(address: string): void {
  if (!/^(?:[^<>@\r\n]{0,100}<)?[^\s<>@,;]+@[^\s<>@,;]+>?$/.test(address))
    throw new Error(
      address === ''
        ? 'E-mail has no sender: enter an address in From.'
        : `“${address.slice(0, 100)}” is no e-mail address: one has the form name@example.org.`,
    );
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}
