import { expect, it } from 'vitest';
import { childEnvironment, withdrawSecrets } from '../../../src/main/processes/child-environment';

it('keeps what lets people in from every process that is started', () => {
  const env = {
    PATH: '/bin',
    HOME: '/home/a',
    FRAMEGAUGE_TOKEN: 'control',
    FRAMEGAUGE_READ_TOKEN: 'read',
    FRAMEGAUGE_HOST: 'http://box:7878/#token=secret',
    FRAMEGAUGE_PUSH_PASSWORD: 'p',
    FRAMEGAUGE_API_KEY: 'k',
    FRAMEGAUGE_DATA: '/data',
    FRAMEGAUGE_PROMETHEUS_FALLBACK: '127.0.0.1:0',
    AWS_TOKEN: 'of another program',
  };
  expect(childEnvironment({ FRAMEGAUGE_TOKEN: 'of the worker', TMPDIR: '/tmp/7' }, env)).toEqual({
    PATH: '/bin',
    HOME: '/home/a',
    FRAMEGAUGE_DATA: '/data',
    FRAMEGAUGE_PROMETHEUS_FALLBACK: '127.0.0.1:0',
    AWS_TOKEN: 'of another program',
    FRAMEGAUGE_TOKEN: 'of the worker',
    TMPDIR: '/tmp/7',
  });
});

it('takes what lets people in out of the own environment, and puts it back', () => {
  const env: NodeJS.ProcessEnv = { PATH: '/bin', FRAMEGAUGE_TOKEN: 'control', FRAMEGAUGE_DATA: '/data' };
  const putBack = withdrawSecrets(env);
  expect(env).toEqual({ PATH: '/bin', FRAMEGAUGE_DATA: '/data' });
  putBack();
  expect(env).toEqual({ PATH: '/bin', FRAMEGAUGE_TOKEN: 'control', FRAMEGAUGE_DATA: '/data' });
});
