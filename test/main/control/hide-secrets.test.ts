import { once } from 'node:events';
import { join, resolve } from 'node:path';
import { WebSocket } from 'ws';
import { expect, it, onTestFinished } from 'vitest';
import { restRoutes } from '../../../src/main/control/rest-routes';
import { operations } from '../../../src/shared/host-api';
import { startControlHost } from '../../helpers/control-host';
import { eventually } from '../../helpers/eventually';

const SECRET = 'hunter2-and-more';

it('shows commands and what they print to nobody who may only look, by whatever way', async () => {
  const { host, url, ask, tokens, folder } = await startControlHost();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/v1/socket?cursor=0`, [
    'framegauge',
    `token.${tokens.read}`,
  ]);
  onTestFinished(() => socket.terminate());
  const heard: string[] = [];
  socket.on('message', (data: Buffer) => heard.push(String(data)));
  await once(socket, 'open');

  for (const key of ['queue.jobCommand', 'queue.doneCommand']) {
    const set = await ask('PUT', `/api/v1/preferences/${key}`, { body: { value: `echo ${SECRET} && exit 3` } });
    expect(set.json).toMatchObject({ value: `echo ${SECRET} && exit 3` });
  }
  // A job that ends runs its command, which fails and is told of.
  const job = await ask('POST', '/api/v1/jobs', {
    body: {
      scene: resolve(import.meta.dirname, '../../../examples/turntable.glb'),
      frames: '1-2',
      output: join(folder, 'images', '####.png'),
    },
  });
  expect(job.status).toBe(201);
  await ask('POST', '/api/v1/jobs/1/cancel');
  await eventually('the notice of the command', async () =>
    heard.find((text) => text.includes('failed (it ended with code 3)')),
  );

  for (const route of restRoutes.filter(
    ({ method, operation }) => method === 'GET' && operations[operation].access === 'read',
  )) {
    const answer = await ask(
      'GET',
      `/api/v1${route.path.replace(':id', route.path.startsWith('/addons') ? 'prometheus' : '1').replace(/:(?:frame|run)/, '1')}`,
      { token: 'read' },
    );
    // There is no add-on with operators, and no farm.
    const refusal = route.path === '/machines/:id' ? 400 : 404;
    expect(answer.status, route.path).toBe(/^\/(?:operator|machine).*\/:/.test(route.path) ? refusal : 200);
    expect(answer.text, route.path).not.toContain(SECRET);
  }
  for (const [operation] of Object.entries(operations).filter(([, { access }]) => access === 'read')) {
    socket.send(
      JSON.stringify({
        call: heard.length,
        operation,
        input:
          operation.startsWith('job.') && operation !== 'job.list'
            ? { id: 1, frame: 1 }
            : operation === 'addon.log'
              ? { id: 'prometheus' }
              : {},
      }),
    );
    expect(
      (
        await ask('POST', `/api/v1/operations/${operation}`, {
          token: 'read',
          body: operation === 'job.get' || operation === 'job.frames' ? { id: 1 } : {},
        })
      ).text,
    ).not.toContain(SECRET);
  }
  await host.call('preferences.set', { key: 'queue.attempts', value: 4 });
  await eventually('the event of the preferences', async () =>
    heard.find((text) => text.includes('"queue.attempts":4')),
  );
  expect(heard.join('\n')).not.toContain(SECRET);
  // That there is one may be seen, and the person with the control token sees it whole.
  expect((await ask('GET', '/api/v1/preferences', { token: 'read' })).json).toMatchObject({
    'queue.jobCommand': '••••••',
    'queue.whenDone': 'nothing',
  });
  expect((await ask('GET', '/api/v1/preferences')).json).toMatchObject({
    'queue.jobCommand': `echo ${SECRET} && exit 3`,
  });
});
