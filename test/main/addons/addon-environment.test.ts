import { expect, it } from 'vitest';
import { addonEnvironment } from '../../../src/main/addons/addon-environment';

const HOST = {
  PATH: '/usr/bin',
  LANG: 'de_DE.UTF-8',
  LC_ALL: 'C',
  TZ: 'Europe/Berlin',
  HOME: '/home/ada',
  AWS_SECRET_ACCESS_KEY: 'secret',
  GITHUB_TOKEN: 'secret',
  FRAMEGAUGE_TOKEN: 'secret',
  FRAMEGAUGE_PROMETHEUS_FALLBACK: '127.0.0.1:1',
  NODE_OPTIONS: '--require=/tmp/x.js',
  LD_PRELOAD: '/tmp/x.so',
  SSH_AUTH_SOCK: '/run/agent',
  DBUS_SESSION_BUS_ADDRESS: 'unix:path=/run/bus',
  HTTPS_PROXY: 'http://ada:secret@proxy:3128',
  NODE_EXTRA_CA_CERTS: '/etc/studio-ca.pem',
};
const OWN = { HOME: '/data/x', TMPDIR: '/data/x/tmp' };
const PLAIN = { PATH: '/usr/bin', LANG: 'de_DE.UTF-8', LC_ALL: 'C', TZ: 'Europe/Berlin', ...OWN };

it('is where programs are, the language and the time zone, with a home and a temporary folder of its own', () => {
  expect(addonEnvironment({ network: false, bundled: null, storage: '/data/x' }, HOST)).toEqual(PLAIN);
});

it('has the proxy and the authorities for whom the network is permitted', () => {
  expect(addonEnvironment({ network: true, bundled: null, storage: '/data/x' }, HOST)).toEqual({
    ...PLAIN,
    HTTPS_PROXY: 'http://ada:secret@proxy:3128',
    NODE_EXTRA_CA_CERTS: '/etc/studio-ca.pem',
  });
});

it('has its own variables where it comes with the program', () => {
  expect(addonEnvironment({ network: false, bundled: 'prometheus', storage: '/data/x' }, HOST)).toEqual({
    ...PLAIN,
    FRAMEGAUGE_PROMETHEUS_FALLBACK: '127.0.0.1:1',
  });
  expect(addonEnvironment({ network: false, bundled: 'video', storage: '/data/x' }, HOST)).toEqual(PLAIN);
});
