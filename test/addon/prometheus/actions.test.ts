import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { actionsOf, scrapeConfig, type Served } from '../../../src/addon/prometheus/actions';
import { addonActionSchema } from '../../../src/shared/addons';
import { needs, pathOf } from '../../helpers/needs';
import { temporaryFolder } from '../../helpers/temporary-folder';

const served = (host: string, change: Partial<Served> = {}): Served => ({
  address: { host, port: 8000 },
  url: 'http://127.0.0.1:8000/metrics',
  user: null,
  clientCertificate: false,
  ...change,
});
const target = (host: string, hostName = 'studio-7'): string | undefined =>
  /targets: \['(.*)'\]/.exec(scrapeConfig(served(host), hostName).text)?.[1];
const note = (host: string, change: Partial<Served> = {}): string | undefined =>
  scrapeConfig(served(host, change), 'studio-7').note;

it('offers the metrics and their scrape config only while they are served, the kit always', () => {
  expect(actionsOf(null, 'studio-7').map(({ type }) => type)).toEqual(['save-monitoring-kit']);
  const actions = actionsOf(
    served('0.0.0.0', { user: 'u'.repeat(200), url: 'https://127.0.0.1:8000/metrics', clientCertificate: true }),
    'h'.repeat(64),
  );
  expect(actions.map(({ type }) => type)).toEqual(['open', 'copy', 'save-monitoring-kit']);
  expect(actions[0]).toMatchObject({ href: 'https://127.0.0.1:8000/metrics' });
  for (const action of actions) expect(addonActionSchema.parse(action)).toEqual(action);
});

it('names the target as another machine finds it, and says what to change where that can’t be known', () => {
  expect(target('192.168.1.9')).toBe('192.168.1.9:8000');
  expect(note('192.168.1.9')).toBeUndefined();
  for (const everywhere of ['0.0.0.0', '::']) {
    expect(target(everywhere)).toBe('studio-7:8000');
    expect(note(everywhere)).toContain('its name, studio-7.');
    expect(target(everywhere, '')).toBe('localhost:8000');
  }
  expect(target('fe80::1%eth0')).toBe('[fe80::1]:8000');
  for (const own of ['127.0.0.1', '::1', 'localhost']) expect(note(own)).toContain('serve on 0.0.0.0');
  expect(note('::2')).toBeUndefined();
});

it('says what a protected listener asks of a scrape', () => {
  const { text, note: said } = scrapeConfig(
    served('10.0.0.7', { url: 'https://10.0.0.7:8000/metrics', user: 'prom "1"' }),
    'studio-7',
  );
  expect(text).toContain('    scheme: https\n    basic_auth:\n      username: "prom \\"1\\""\n');
  expect(said).toBe(
    'Where Prometheus does not know who signed the certificate, name its CA in tls_config. Put in the password.',
  );
});

it('names a client’s certificate where the listener requires one', () => {
  const { text, note: said } = scrapeConfig(
    served('10.0.0.7', { url: 'https://10.0.0.7:8000/metrics', clientCertificate: true }),
    'studio-7',
  );
  expect(text).toContain(
    '    scheme: https\n    tls_config:\n      cert_file: client.crt\n      key_file: client.key\n',
  );
  expect(said).toContain('Name the files of a certificate that this server accepts and of its key');
});

needs.promtool('the scrape config', () => {
  it.each([
    ['for every address', served('0.0.0.0')],
    ['for an IPv6 address', served('::1')],
    [
      'with TLS and a user',
      served('render.example', { url: 'https://render.example:8000/metrics', user: 'prom "1": #' }),
    ],
    [
      'with a client’s certificate',
      served('render.example', { url: 'https://render.example:8000/metrics', clientCertificate: true }),
    ],
  ])('%s is one that Prometheus takes', (_case, one) => {
    const folder = temporaryFolder();
    for (const name of ['client.crt', 'client.key']) writeFileSync(join(folder, name), '');
    const file = join(folder, 'prometheus.yml');
    writeFileSync(file, scrapeConfig(one, 'studio-7').text);
    const checked = spawnSync(pathOf('promtool'), ['check', 'config', file], { encoding: 'utf8' });
    expect(checked.stderr + checked.stdout).toContain('SUCCESS');
    expect(checked.status).toBe(0);
  });
});
