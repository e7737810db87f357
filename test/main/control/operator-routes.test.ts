import { cp } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import type { HostEvent } from '../../../src/shared/host-api';
import type { OperatorRun } from '../../../src/shared/operators';
import { type CliResult, runCli, startCli, TURNTABLE } from '../../helpers/cli';
import { type ControlHost, startControlHost } from '../../helpers/control-host';
import { temporaryFolder } from '../../helpers/temporary-folder';

const EXAMPLE = resolve(import.meta.dirname, '../../../examples/addons/operator-example');

interface World extends ControlHost {
  cli(...args: string[]): Promise<CliResult>;
}

/** A host in which the example runs. */
async function world(): Promise<World> {
  const dataFolder = join(temporaryFolder(), 'data');
  await cp(EXAMPLE, join(dataFolder, 'addons', 'operator-example'), { recursive: true });
  const control = await startControlHost({ dataFolder });
  expect((await control.ask('POST', '/api/v1/addons/operator-example/enable')).json).toMatchObject({
    state: 'running',
  });
  return {
    ...control,
    cli: (...args) => runCli([...args, '--host', control.url, '--token', control.tokens.control]),
  };
}

describe('operators over HTTP', () => {
  it('are listed, run, and read when they have ended', async () => {
    const { ask } = await world();
    const list = await ask('GET', '/api/v1/operators', { token: 'read' });
    expect(list.json).toMatchObject([
      { id: 'operator-example.slow-frames', menu: 'job', addonName: 'Operator Example' },
      { id: 'operator-example.remind', parameters: [{ key: 'text' }, { key: 'seconds', max: 86_400 }] },
    ]);
    expect((await ask('GET', '/api/v1/operators/operator-example.remind')).json).toMatchObject({ label: 'Remind Me' });
    expect((await ask('GET', '/api/v1/state', { token: 'read' })).json).toMatchObject({
      panels: [{ id: 'operator-example.times', place: 'job', addonName: 'Operator Example' }],
    });
    const run = await ask('POST', '/api/v1/operators/operator-example.remind/run', {
      body: { parameters: { text: 'Tea', seconds: 0 }, wait: true },
    });
    expect(run).toMatchObject({ status: 201, json: { state: 'done', result: { text: 'Tea.' } } });
    expect((await ask('GET', run.headers.get('location')!)).json).toEqual(run.json);
    expect((await ask('GET', '/api/v1/operator-runs')).json).toEqual([run.json]);
  });

  it('are described with the schemas of their parameters, as long as they are there', async () => {
    const { ask } = await world();
    const path = '/api/v1/operators/openapi.json';
    expect((await ask('GET', path, { token: 'none' })).status).toBe(401);
    const document = (await ask('GET', path, { token: 'read' })).json as {
      paths: Record<string, { post: { requestBody: { content: Record<string, { schema: object }> } } }>;
      components: { schemas: { OperatorRun: object } };
    };
    expect(Object.keys(document.paths)).toEqual([
      '/operators/operator-example.slow-frames/run',
      '/operators/operator-example.remind/run',
    ]);
    const bodyOf = (id: string): object =>
      document.paths[`/operators/operator-example.${id}/run`]!.post.requestBody.content['application/json']!.schema;
    expect(bodyOf('slow-frames')).toMatchObject({
      required: ['parameters'],
      properties: { parameters: { required: ['job'], properties: { factor: { minimum: 1, maximum: 100 } } } },
    });
    const ajv = new Ajv2020({ strict: false, formats: { int32: true } });
    const body = { parameters: { text: 'Tea', seconds: 0 }, wait: true };
    expect(ajv.validate(bodyOf('remind'), body)).toBe(true);
    expect(ajv.validate(bodyOf('remind'), { parameters: { seconds: -1 } })).toBe(false);
    const run = await ask('POST', '/api/v1/operators/operator-example.remind/run', { body });
    expect(ajv.validate(document.components.schemas.OperatorRun, run.json), JSON.stringify(ajv.errors)).toBe(true);
    await ask('POST', '/api/v1/addons/operator-example/disable');
    expect((await ask('GET', path)).json).toMatchObject({ paths: {} });
  });

  it('are cancelled', async () => {
    const { ask } = await world();
    const started = await ask('POST', '/api/v1/operators/operator-example.remind/run', { body: {} });
    expect(started.json).toMatchObject({ state: 'running', result: null });
    const { run } = started.json as OperatorRun;
    expect((await ask('POST', `/api/v1/operator-runs/${run}/cancel`)).json).toMatchObject({ state: 'cancelling' });
  });

  it('need the control token to run, and are refused with a sentence', async () => {
    const { ask } = await world();
    const path = '/api/v1/operators/operator-example.remind/run';
    expect((await ask('POST', path, { body: {}, token: 'read' })).status).toBe(403);
    expect((await ask('POST', path, { body: { parameters: { seconds: -1 } } })).json).toMatchObject({
      status: 422,
      detail: '“-1” does not fit “Seconds”: the smallest is 0.',
    });
    expect((await ask('POST', path, { body: { parameters: { seconds: {} } } })).status).toBe(422);
    expect((await ask('POST', '/api/v1/operators/operator-example.none/run', { body: {} })).json).toMatchObject({
      status: 404,
      detail:
        'There is no operator “operator-example.none”: choose one of operator-example.slow-frames, operator-example.remind.',
    });
    expect((await ask('POST', '/api/v1/operator-runs/9/cancel')).status).toBe(404);
    expect((await ask('GET', '/api/v1/operators/none')).status).toBe(404);
    expect((await ask('GET', '/api/v1/operator-runs/9')).status).toBe(404);
  });
});

describe('operators on the command line', () => {
  it('are listed with their parameters', async () => {
    const { cli } = await world();
    const { code, stdout } = await cli('run');
    expect(code).toBe(0);
    expect(stdout).toBe(
      [
        'operator-example.slow-frames  Find Slow Frames: Names the frames that took longer than most of their job',
        '    --job number of a job (required): Job',
        '    --factor 1–100 (default: 2): Times the median',
        'operator-example.remind  Remind Me: Says something after a while',
        '    --text text (default: Look at the render): Text',
        '    --seconds 0–86400 (default: 60): Seconds',
        '',
      ].join('\n'),
    );
  });

  it('run to their end, with an exit code', async () => {
    const { cli, ask } = await world();
    expect(await cli('run', 'operator-example.remind', '--seconds', '0', '--text=Tea')).toEqual({
      code: 0,
      stdout: 'Tea.\n',
      stderr: '',
    });
    const asJson = await cli('run', 'operator-example.remind', '--json', '--seconds', '0');
    expect(JSON.parse(asJson.stdout)).toMatchObject({ state: 'done', result: { text: 'Look at the render.' } });
    expect(await cli('run', 'operator-example.remind', '--minutes', '1')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('it has --text, --seconds.'),
    });
    expect(await cli('run', 'operator-example.slow-frames', '--job', '99')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('There is no job 99'),
    });
    expect(await cli('run', 'operator-example.none')).toMatchObject({ code: 2 });
    await ask('POST', '/api/v1/queue/pause', { body: {} });
    const { json } = await ask('POST', '/api/v1/jobs', {
      body: { scene: TURNTABLE, frames: '1-2', output: join(temporaryFolder(), '####.png') },
    });
    const { id } = json as { id: number };
    expect(await cli('run', 'operator-example.slow-frames', '--job', String(id))).toEqual({
      code: 1,
      stdout: '',
      stderr: `Job ${id} has no rendered frames yet.\n`,
    });
  });

  it('are cancelled by Ctrl+C', async () => {
    const { host, url, tokens } = await world();
    const started = new Promise<void>((resolve) => {
      host.subscribe((event: HostEvent) => event.type === 'operator-run' && event.run.text !== '' && resolve());
    });
    const cli = startCli(['run', 'operator-example.remind', '--host', url, '--token', tokens.control]);
    await started;
    cli.process.kill('SIGINT');
    expect(await cli.ended).toEqual({
      code: 1,
      stdout: '',
      stderr: 'Cancelling it…\nRemind Me was cancelled.\n',
    });
  });

  it('need a host that runs', async () => {
    const { code, stderr } = await runCli(['--data', join(temporaryFolder(), 'data'), 'run', 'a.b']);
    expect([code, stderr]).toEqual([1, expect.stringContaining('No host runs on this data folder')]);
  });
});
