import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, onTestFinished, test } from 'vitest';
import { testNotice } from '../../../src/addon/notify/compose';
import { emailService } from '../../../src/addon/notify/services/email';
import type { DeliveryError, Service } from '../../../src/addon/notify/services/service';
import { preferencesOf } from './preferences';

interface Mailbox {
  readonly port: number;
  readonly mails: { readonly from: string; readonly to: string[]; readonly text: string; readonly user?: string }[];
}

async function mailServer(options: SMTPServerOptions = {}): Promise<Mailbox> {
  const mails: Mailbox['mails'] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const parts: Buffer[] = [];
      stream.on('data', (part: Buffer) => parts.push(part));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          text: Buffer.concat(parts).toString('utf8'),
          ...(typeof session.user === 'string' ? { user: session.user } : {}),
        });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())));
  return { port: (server.server.address() as AddressInfo).port, mails };
}

function mail(port: number, preferences: Record<string, string> = {}): Service {
  return emailService(
    preferencesOf({
      smtpServer: `127.0.0.1:${port}`,
      smtpSecurity: 'none',
      mailFrom: 'Render box <box@example.org>',
      mailTo: 'anna@example.org, ben@example.org',
      ...preferences,
    }),
  )!;
}

const NOTICE = { ...testNotice('box', 0), title: 'Done: Käfer ☂', text: 'All is well – ☂' };
const never = new AbortController().signal;
const failure = (sending: Promise<void>): Promise<DeliveryError> =>
  sending.then(
    () => expect.fail('It was sent.'),
    (error: unknown) => error as DeliveryError,
  );

describe('e-mail', () => {
  test('goes to everybody, with subject, text and image', async () => {
    const { port, mails } = await mailServer();
    const image = { bytes: new Uint8Array(Buffer.from('pixels')), type: 'image/png' };
    await mail(port).send(NOTICE, image, never);
    expect(mails).toMatchObject([{ from: 'box@example.org', to: ['anna@example.org', 'ben@example.org'] }]);
    const { text } = mails[0]!;
    expect(text).toContain('Subject: =?UTF-8?');
    expect(text).toContain('Auto-Submitted: auto-generated');
    expect(text).toContain(`Message-ID: <${NOTICE.id}@framegauge>`);
    expect(text).toMatch(/Content-Type: image\/png; name=frame\.png/);
    expect(text).toContain(Buffer.from('pixels').toString('base64'));
  });

  test('logs in, and a wrong password is not tried again', async () => {
    const server = await mailServer({
      authOptional: false,
      allowInsecureAuth: true,
      onAuth: ({ username, password }, _session, done) =>
        password === 'right' ? done(null, { user: username }) : done(new Error('Invalid username or password')),
    });
    await mail(server.port, { smtpUser: 'me', smtpPassword: 'right' }).send(NOTICE, null, never);
    expect(server.mails).toMatchObject([{ user: 'me' }]);
    const error = await failure(mail(server.port, { smtpUser: 'me', smtpPassword: 'wrong' }).send(NOTICE, null, never));
    expect(error).toMatchObject({ permanent: true });
    expect(error.message).toContain('does not accept the user and the password');
  });

  test('a server without encryption gets nothing where starttls is chosen', async () => {
    const { port, mails } = await mailServer();
    const error = await failure(mail(port, { smtpSecurity: 'starttls' }).send(NOTICE, null, never));
    expect(error.message).toContain('mail server 127.0.0.1');
    expect(mails).toEqual([]);
  });

  test.each([
    [451, false],
    [550, true],
  ])('an answer of %i is final: %s', async (responseCode, permanent) => {
    const { port } = await mailServer({
      onMailFrom: (_address, _session, done) => done(Object.assign(new Error('not today'), { responseCode })),
    });
    expect(await failure(mail(port).send(NOTICE, null, never))).toMatchObject({ permanent });
  });

  test('nobody there may pass', async () => {
    expect(await failure(mail(1).send(NOTICE, null, never))).toMatchObject({ permanent: false });
  });
});
