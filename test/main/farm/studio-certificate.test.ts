import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { fingerprintOf } from '../../../src/main/farm/certificate';
import { makeAuthority, makeCertificate } from '../../helpers/certificates';
import { needs } from '../../helpers/needs';
import { temporaryFolder } from '../../helpers/temporary-folder';
import { freePair } from './manager-host';
import { joinMachines, startMachine, startManager } from './farm-fixture';

needs.redis('a farm with a studio’s certificate', () => {
  it('is joined by the studio’s authority, and known again after the certificate is renewed', async () => {
    const folder = temporaryFolder();
    const ca = makeAuthority('Studio');
    const certificate = join(folder, 'fullchain.pem');
    const key = join(folder, 'privkey.pem');
    const renew = (): void => {
      const issued = makeCertificate(ca, 'server', ['localhost'], 90);
      writeFileSync(certificate, issued.cert + ca.cert);
      writeFileSync(key, issued.key);
    };
    renew();
    const preferences = {
      'farm.certificate': certificate,
      'farm.key': key,
      'farm.listen': `127.0.0.1:${await freePair()}`,
    };
    const manager = await startManager(folder, preferences);
    const { url, token } = await manager.call('machine.invite', {});
    expect(new URL(url).hostname).toBe('localhost');
    expect(token.split('.')[1]).toBe(fingerprintOf(ca.cert));
    const [machine] = await joinMachines(manager, folder, ['left']);
    expect(await manager.ended((await manager.submit(2)).id)).toMatchObject({ state: 'completed' });
    machine!.kill('SIGKILL');
    await machine!.ended;
    await manager.host.close();

    renew();
    const again = await startManager(folder, preferences);
    const back = startMachine(machine!.dataFolder, null, { name: 'left' });
    await back.printed(/^ready \w+$/m);
    expect(
      await again.ended((await again.submit(2, 0, { output: join(folder, 'again', '####.png') })).id),
    ).toMatchObject({ state: 'completed' });
  });

  it('is joined by machines that trust a public authority', async () => {
    const folder = temporaryFolder();
    const ca = makeAuthority('Studio');
    const root = join(folder, 'root.pem');
    const both = join(folder, 'both.pem');
    writeFileSync(root, ca.cert);
    const issued = makeCertificate(ca, 'server', ['localhost', '127.0.0.1'], 90);
    writeFileSync(both, issued.key + issued.cert);
    const manager = await startManager(folder, { 'farm.certificate': both });
    const invitation = await manager.call('machine.invite', {});
    expect(invitation.token).toMatch(/\.public$/);
    const stranger = startMachine(join(folder, 'stranger'), invitation);
    await stranger.printed(/does not prove that it is the manager/);
    await joinMachines(manager, folder, ['left'], 1, { env: { NODE_EXTRA_CA_CERTS: root } });
    expect(await manager.ended((await manager.submit(2)).id)).toMatchObject({ state: 'completed' });
  });

  it('does not start with one that machines would refuse', async () => {
    const folder = temporaryFolder();
    const manager = await startManager(folder, { 'farm.certificate': join(folder, 'nothing.pem') });
    await expect(manager.call('machine.invite', {})).rejects.toThrow(/The farm does not run/);
    const state = await manager.call('host.state', {});
    expect(JSON.stringify(state)).toMatch(/The farm is off: .*nothing\.pem cannot be read/);
  });
});
