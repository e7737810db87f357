import { EventEmitter, once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { watchCertificate } from '../../../src/main/farm/certificate-watch';
import { PUBLIC, readCertificate } from '../../../src/main/farm/served-certificate';
import { makeAuthority, makeCertificate } from '../../helpers/certificates';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('shows what was renewed, tells what can’t be used, what ends soon and another issuer', async () => {
  const folder = temporaryFolder();
  const files = { certificate: join(folder, 'fullchain.pem'), key: join(folder, 'privkey.pem') };
  const ca = makeAuthority('Studio');
  const put = (days: number, of = ca): void => {
    const { cert, key } = makeCertificate(of, 'server', ['localhost'], days);
    writeFileSync(files.certificate, `${cert}\n${of.cert}`);
    writeFileSync(files.key, key);
  };
  put(90);
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
  put(80);
  await settled;
  expect(shown.pin).toBe(first.pin);
  expect(shown.cert).not.toBe(first.cert);

  told = next('told');
  put(0.02);
  // The two files are not written at once: what is in between is told, too.
  while (!/ends on .* GMT, and no machine reaches this manager after that: renew it/.test(String(await told)))
    told = next('told');
  settled = next('settled');
  put(90);
  await settled;

  told = next('told');
  put(90, makeAuthority('Another'));
  while (!/comes from another issuer: machines that joined before do not know it/.test(String(await told)))
    told = next('told');
  expect(shown.pin).not.toBe(first.pin);
  settled = next('settled');
  put(90);
  await settled;
  expect(shown.pin).toBe(first.pin);

  // Machines know the authority also where its own certificate is no longer in the file.
  const renewed = next('renewed');
  const { cert, key } = makeCertificate(ca, 'server', ['localhost'], 60);
  told = next('told');
  writeFileSync(files.key, 'half');
  await told;
  settled = next('settled');
  writeFileSync(files.certificate, cert);
  writeFileSync(files.key, key);
  await renewed;
  await settled;
  expect(shown.pin).toBe(PUBLIC);
});
