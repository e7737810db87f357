import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchCertificate } from '../../../src/main/farm/certificate-watch';
import { readCertificate } from '../../../src/main/farm/served-certificate';
import { makeAuthority, makeCertificate } from '../../helpers/certificates';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('shows what was renewed, tells what can’t be used, what ends soon and another issuer', async () => {
  const folder = temporaryFolder();
  const files = { certificate: join(folder, 'fullchain.pem'), key: join(folder, 'privkey.pem') };
  const ca = makeAuthority('Studio');
  const put = async (days: number, of = ca): Promise<void> => {
    const { cert, key } = makeCertificate(of, 'server', ['localhost'], days);
    writeFileSync(files.certificate, `${cert}\n${of.cert}`);
    writeFileSync(files.key, key);
  };
  await put(90);
  const events = new EventEmitter();
  const next = async (name: string): Promise<unknown> => (await once(events, name))[0];
  let shown = await readCertificate(files);
  const watch = watchCertificate({
    files,
    served: shown,
    onRenewed: (served) => events.emit('renewed', (shown = served)),
    notify: (_level, text) => events.emit('told', text),
    settle: () => events.emit('settled', null),
    onFault: (error) => expect.unreachable(String(error)),
    interval: 20,
  });
  onTestFinished(() => watch.close());

  const first = shown;
  let told = next('told');
  writeFileSync(files.key, 'half');
  expect(await told).toMatch(
    /privkey\.pem holds no key that can be read.* The certificate that was there before is used on\.$/,
  );
  let settled = next('settled');
  await put(80);
  await settled;
  expect(shown.pin).toBe(first.pin);
  expect(shown.cert).not.toBe(first.cert);

  told = next('told');
  await put(5);
  // The two files are not written at once: what is in between is told, too.
  while (!/ends on .* GMT, and no machine reaches this manager after that: renew it/.test(String(await told)))
    told = next('told');
  settled = next('settled');
  await put(90);
  await settled;

  told = next('told');
  await put(90, makeAuthority('Another'));
  while (!/comes from another issuer: machines that joined before do not know it/.test(String(await told)))
    told = next('told');
  expect(shown.pin).not.toBe(first.pin);
});
