import { copyFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JobStore } from '../../../src/main/jobs/store/job-store';
import type { Job } from '../../../src/shared/jobs';
import { TURNTABLE } from '../../helpers/cli';
import { type Answer, type Asked, type ControlHost, startControlHost } from '../../helpers/control-host';
import { makeTarga, slope } from '../../helpers/image-files';
import { readOpenApi } from '../../helpers/open-api';
import { paperJob } from '../../helpers/paper-queue';
import { makePng } from '../../helpers/png';
import { mainEntry, manifestEntry, rawZip } from '../../helpers/raw-zip';
import { temporaryFolder } from '../../helpers/temporary-folder';

const API = '/api/v1';
const words = (folder: string): object => ({
  scene: TURNTABLE,
  frames: '1-4',
  size: '64x36',
  samples: 1,
  output: join(folder, 'images', '####.png'),
});

async function addJob({ ask, folder }: ControlHost, change: object = {}): Promise<Job> {
  const answer = await ask('POST', `${API}/jobs`, { body: { ...words(folder), ...change } });
  expect(answer.status, answer.text).toBe(201);
  return answer.json as Job;
}

/** Whether an answer is a problem document with one sentence for people. */
function expectProblem({ status, headers, json, text }: Answer, wanted: number, detail: RegExp | string = /./): void {
  expect(status, text).toBe(wanted);
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(json).toMatchObject({
    type: 'about:blank',
    title: expect.stringMatching(/^[A-Z]/) as unknown,
    status: wanted,
    detail: expect.stringMatching(detail) as unknown,
  });
}

/** The status of a request with a method that fetch refuses to send. */
function statusOf(url: string, method: string, token: string): Promise<number | undefined> {
  return new Promise((settle, fail) => {
    const asked = request(url, { method, headers: { authorization: `Bearer ${token}` } }, (answer) => {
      answer.resume();
      settle(answer.statusCode);
    });
    asked.on('error', fail).end();
  });
}

/** An add-on with an operator. */
const GREETER = `export function register(ctx) {
  ctx.operators.add({ id: 'greet', label: 'Greet', run: () => 'Good evening.' });
}`;

describe('every route of the OpenAPI document', () => {
  it('answers what the document says, to the right request', async () => {
    const control = await startControlHost();
    const api = await readOpenApi(control);
    const { folder } = control;
    const first = await addJob(control);
    const second = await addJob(control);
    const glb = readFileSync(TURNTABLE);
    const update = join(folder, 'update.zip');
    writeFileSync(update, rawZip([manifestEntry({ version: '2.0.0' }), { name: 'main.mjs', data: GREETER }]));
    /**
     * What each is asked, in this order; paths have their parameters filled in. Those of the last group answer without
     * end, and have tests of their own.
     */
    const asked: readonly (readonly [id: string, path: string, asked?: Asked])[] = [
      ['getState', '/state'],
      ['listJobs', '/jobs?state=queued,rendering&order=queue&limit=5'],
      [
        'addJob',
        '/jobs',
        { body: { ...words(folder), priority: 3, after: [first.id], failureShare: '20%', order: 'every-2' } },
      ],
      ['planJob', '/jobs/plan', { body: words(folder) }],
      ['getJob', `/jobs/${first.id}`],
      ['getJobRemoval', `/jobs/${first.id}/removal`],
      ['getJobLog', `/jobs/${first.id}/log`],
      ['listFrames', `/jobs/${first.id}/frames?limit=2&offset=1`],
      ['getFrame', `/jobs/${first.id}/frames/2`],
      ['getFrameLog', `/jobs/${first.id}/frames/2/log`],
      ['getFrameImage', `/jobs/${first.id}/frames/2/image`],
      ['getFramePixels', `/jobs/${first.id}/frames/2/pixels?layer=ViewLayer.Combined`],
      ['pauseJob', `/jobs/${first.id}/pause`, {}],
      ['editJob', `/jobs/${first.id}`, { body: { priority: 5, size: '32x18', overwrite: true } }],
      ['resumeJob', `/jobs/${first.id}/resume`],
      ['moveJob', `/jobs/${second.id}/move`, { body: { before: first.id, priority: 'take' } }],
      ['duplicateJob', `/jobs/${second.id}/duplicate`],
      ['cancelJob', `/jobs/${second.id}/cancel`],
      ['requeueJob', `/jobs/${second.id}/requeue`, { body: { frames: 'all' } }],
      ['listHistory', '/history'],
      ['deleteJob', `/jobs/${second.id}?files=false`],
      ['getQueue', '/queue'],
      ['pauseQueue', '/queue/pause', { body: { after: 'frame' } }],
      ['resumeQueue', '/queue/resume'],
      ['listWorkers', '/workers'],
      ['listEngines', '/engines?refresh=false'],
      ['getStatistics', '/statistics?since=5'],
      ['saveMonitoring', '/monitoring', { body: { folder: join(folder, 'kit') } }],
      ['listFiles', `/files?folder=${encodeURIComponent(folder)}`],
      ['getScene', '/scene'],
      ['openScene', '/scene', { body: { path: TURNTABLE } }],
      ['getScene', '/scene'],
      ['viewScene', '/scene/view'],
      ['inspectScene', '/scenes/inspect', { body: { path: TURNTABLE } }],
      [
        'uploadScene',
        '/scenes?name=mine.glb',
        { body: glb.toString('latin1'), headers: { 'content-type': 'model/gltf-binary' } },
      ],
      ['listAddons', '/addons'],
      ['getAddon', '/addons/prometheus'],
      ['enableAddon', '/addons/prometheus/enable'],
      ['disableAddon', '/addons/prometheus/disable'],
      ['getAddonLog', '/addons/prometheus/log'],
      ['getAddonPreferences', '/addons/prometheus/preferences'],
      ['setAddonPreference', '/addons/prometheus/preferences/address', { body: { value: '127.0.0.1:0' } }],
      [
        'uploadAddon',
        '/addons?name=small.zip',
        { body: rawZip([manifestEntry(), mainEntry()]), headers: { 'content-type': 'application/zip' } },
      ],
      ['installAddon', '/addons/install', { body: { path: update } }],
      ['getAddonCatalogue', '/addon-catalogue'],
      ['enableAddon', '/addons/small/enable'],
      ['listOperators', '/operators'],
      ['describeOperators', '/operators/openapi.json'],
      ['getOperator', '/operators/small.greet'],
      ['runOperator', '/operators/small.greet/run', { body: { wait: true } }],
      ['listOperatorRuns', '/operator-runs'],
      ['getOperatorRun', '/operator-runs/1'],
      ['cancelOperatorRun', '/operator-runs/1/cancel'],
      ['rollBackAddon', '/addons/small/roll-back'],
      ['uninstallAddon', '/addons/small?removeData=true'],
      ['listRecentScenes', '/scenes/recent'],
      ['listMachines', '/machines'],
      ['inviteMachine', '/machines/invitations'],
      ['getMachine', '/machines/0123456789ab'],
      ['setMachine', '/machines/0123456789ab', { body: { tags: ['gpu'] } }],
      ['pauseMachine', '/machines/0123456789ab/pause'],
      ['resumeMachine', '/machines/0123456789ab/resume'],
      ['wakeMachine', '/machines/0123456789ab/wake'],
      ['forgetMachine', '/machines/0123456789ab'],
      ['getPreferences', '/preferences'],
      ['setPreference', '/preferences/render.workers', { body: { value: 2 } }],
      ['listEvents', '/events?cursor=0&limit=3'],
      ['callOperation', '/operations/queue.get', { body: {} }],
      ['getOpenApi', '/openapi.json', { token: 'none' }],
      ['readApi', '/', { token: 'none' }],
    ];
    const endless = ['followEvents', 'openSocket'];
    expect([...new Set([...asked.map(([id]) => id), ...endless])].sort()).toEqual(
      api.routes.map(({ operation }) => operation.operationId).sort(),
    );

    await control.ask('PUT', `${API}/addons/prometheus/preferences/address`, { body: { value: '127.0.0.1:0' } });
    const failed: string[] = [];
    for (const [id, path, how] of asked) {
      const route = api.routes.find(({ operation }) => operation.operationId === id)!;
      const answer = await control.ask(route.method, API + path, how);
      api.expectAllowed(route, answer);
      if (answer.status >= 300) failed.push(`${id}: ${answer.status} ${answer.text}`);
    }
    // No frame was rendered, and there is no farm; everything else is there.
    expect(failed).toEqual([
      expect.stringMatching(/^getFrameImage: 404 /),
      expect.stringMatching(/^getFramePixels: 404 /),
      expect.stringMatching(/^inviteMachine: 409 /),
      ...['getMachine', 'setMachine', 'pauseMachine', 'resumeMachine', 'wakeMachine', 'forgetMachine'].map(
        (id) => expect.stringMatching(new RegExp(`^${id}: 409 `)) as unknown,
      ),
    ]);
  });

  it('says of each route how it can refuse', async () => {
    const { routes } = await readOpenApi(await startControlHost());
    const refusing = (status: string): (string | undefined)[] =>
      routes.filter(({ operation }) => status in operation.responses).map(({ operation }) => operation.operationId);
    expect(refusing('503')).toEqual(['getFrameImage', 'getFramePixels']);
    // Whoever may only read changes nothing that would have to be written down.
    expect(refusing('507')).toEqual(expect.arrayContaining(['addJob', 'editJob', 'uploadAddon', 'uploadScene']));
    expect(refusing('507')).not.toContain('listJobs');
    // A method that a path does not have is no operation of the document.
    expect(refusing('405')).toEqual([]);
  });

  it('needs the token that the document says', async () => {
    const control = await startControlHost();
    const { routes } = await readOpenApi(control);
    for (const { method, path, operation } of routes) {
      const filled = API + path.replaceAll(/\{(id|frame)\}/g, '1').replaceAll(/\{\w+\}/g, 'x');
      const free = operation.security?.length === 0;
      if (operation.operationId === 'followEvents') continue;
      const without = await control.ask(method, filled, { token: 'none', ...(method === 'GET' ? {} : { body: {} }) });
      expect({ filled, status: without.status }).toEqual({ filled, status: free ? 200 : 401 });
      if (!free) expectProblem(without, 401);
      const looking = await control.ask(method, filled, { token: 'read', ...(method === 'GET' ? {} : { body: {} }) });
      if (/control token/.test(operation.description ?? '')) expectProblem(looking, 403, /^This token may only look/);
      else expect(looking.status, filled).not.toBe(403);
    }
  });
});

describe('jobs', () => {
  it('are made out of the words of the command line, and told where they are', async () => {
    const control = await startControlHost();
    const answer = await control.ask('POST', `${API}/jobs`, {
      body: { ...words(control.folder), size: '320x180', fps: 12.5, overwrite: true, priority: -3 },
    });
    expect(answer).toMatchObject({
      status: 201,
      json: { settings: { width: 320, height: 180, fps: 12.5, overwrite: true, frames: '1-4' } },
    });
    const location = answer.headers.get('location')!;
    expect(location).toBe(`${API}/jobs/${(answer.json as Job).id}`);
    expect((await control.ask('GET', location)).json).toMatchObject({ id: (answer.json as Job).id });
  });

  it('tell wrong wishes in one sentence, with the place of each', async () => {
    const control = await startControlHost();
    const add = (body: unknown): Promise<Answer> => control.ask('POST', `${API}/jobs`, { body });
    expectProblem(await add({}), 422, 'The request does not fit: “scene”: it is missing, a text is expected.');
    expect((await add({ scene: 7, samples: 'many', colour: 'blue' })).json).toMatchObject({
      errors: [
        { pointer: '#/scene', detail: 'a text is expected' },
        { pointer: '#/samples', detail: 'a number is expected' },
        { pointer: '#', detail: 'there is no “colour” here' },
      ],
    });
    expectProblem(
      await add({ ...words(control.folder), size: 'large' }),
      422,
      '“size” cannot be “large”: write width and height in pixels, as 1280x720, each from 1 to 16384.',
    );
    expectProblem(await add({ ...words(control.folder), scene: '/nowhere/at-all.glb' }), 422, /nowhere/);
    expectProblem(await add({ ...words(control.folder), camera: 'Nobody' }), 422, /Nobody/);
    expectProblem(await add('{"scene":'), 400, 'The body is not valid JSON.');
    expectProblem(await add('{"__proto__": {"x": 1}}'), 400);
    expectProblem(await add('[]'), 422, 'The request does not fit: a JSON object is expected.');
  });

  it('are not found where there are none, and refuse what their state does not allow', async () => {
    const control = await startControlHost();
    for (const [method, path] of [
      ['GET', ''],
      ['DELETE', ''],
      ['POST', '/cancel'],
      ['GET', '/frames'],
      ['GET', '/frames/1'],
      ['GET', '/frames/1/image'],
    ]) {
      expectProblem(await control.ask(method!, `${API}/jobs/77${path}`), 404);
    }
    const { id } = await addJob(control);
    expectProblem(await control.ask('GET', `${API}/jobs/${id}/frames/99`), 404, `Job ${id} has no frame 99.`);
    expectProblem(await control.ask('DELETE', `${API}/jobs/${id}`), 409, /cancel it before/);
    expectProblem(
      await control.ask('GET', `${API}/jobs/first`),
      400,
      'The request does not fit: “id”: a number is expected.',
    );
    expectProblem(await control.ask('GET', `${API}/addons/none`), 404, 'There is no add-on “none”.');
    expectProblem(await control.ask('POST', `${API}/addons/none/enable`), 404);
    expectProblem(
      await control.ask('PUT', `${API}/preferences/render.none`, { body: { value: 1 } }),
      404,
      /^There is no preference “render\.none”/,
    );
    expectProblem(
      await control.ask('PUT', `${API}/addons/prometheus/preferences/none`, { body: { value: 1 } }),
      404,
      /has no preference “none”/,
    );
    expectProblem(await control.ask('POST', `${API}/operations/job.get`, { body: { id: 77 } }), 404);
  });

  it('say of an image whether it is gone, or why it is not shown', async () => {
    const control = await startControlHost();
    const output = join(control.folder, 'images');
    mkdirSync(output);
    for (const frame of [1, 2]) writeFileSync(join(output, `000${frame}.png`), makePng(64, 36));
    const { id } = await addJob(control, { frames: '1-2', keepExisting: true });
    await expect.poll(async () => ((await control.ask('GET', `${API}/jobs/${id}`)).json as Job).frames.skipped).toBe(2);
    const image = (frame: number): Promise<Answer> => control.ask('GET', `${API}/jobs/${id}/frames/${frame}/image`);
    expect((await image(1)).status).toBe(200);
    rmSync(join(output, '0001.png'));
    expectProblem(await image(1), 404, 'There is no image of that frame.');
    writeFileSync(join(output, '0002.png'), makeTarga(64, 36, slope(64, 36)));
    expectProblem(await image(2), 422, /^Of Targa images there is no preview/);
  });

  it('do not fit where something besides the path is not there', async () => {
    const control = await startControlHost();
    await control.ask('POST', `${API}/queue/pause`);
    const scene = join(control.folder, 'scene.glb');
    copyFileSync(TURNTABLE, scene);
    const { id } = await addJob(control, { scene });
    rmSync(scene);
    expectProblem(await control.ask('POST', `${API}/jobs`, { body: { ...words(control.folder), scene } }), 422);
    expectProblem(await control.ask('POST', `${API}/jobs/${id}/move`, { body: { before: 77 } }), 422, /no job 77 that/);
    expectProblem(await control.ask('POST', `${API}/jobs/77/move`, { body: { before: id } }), 404);
    expectProblem(await control.ask('PATCH', `${API}/jobs/${id}`, { body: { samples: 2 } }), 409, /scene\.glb/);
  });
});

it('refuses images among the files of the host, also behind a link, and takes them beside', async () => {
  const control = await startControlHost();
  const data = join(control.folder, 'data');
  symlinkSync(join(data, 'logs'), join(control.folder, 'link'));
  const taken = await addJob(control, { output: join(data, 'images', '####.png') });
  for (const output of [
    join(data, '####.png'),
    join(data, 'logs', 'frames', '####.png'),
    join(data, 'previews', 'mine', '####.png'),
    join(control.folder, 'link', '####.png'),
  ]) {
    const wrong = /is where Framegauge keeps its own files: choose one outside of/;
    expectProblem(await control.ask('POST', `${API}/jobs`, { body: { ...words(control.folder), output } }), 422, wrong);
    await control.ask('POST', `${API}/jobs/${taken.id}/pause`, { body: {} });
    expectProblem(await control.ask('PATCH', `${API}/jobs/${taken.id}`, { body: { output } }), 422, wrong);
  }
});

it('refuses to go on with a job of an earlier version whose images lie among the files of the host', async () => {
  const dataFolder = join(temporaryFolder(), 'data');
  mkdirSync(dataFolder);
  const logs = join(dataFolder, 'logs');
  const store = new JobStore(dataFolder);
  const ended = store.add(paperJob(logs, { scene: TURNTABLE, output: join(logs, '####.png') }));
  store.setState(ended.id, 'cancelled', 'by the user');
  const paused = store.add(paperJob(logs, { scene: TURNTABLE, output: join(logs, '####.png') }));
  store.setState(paused.id, 'paused', null);
  store.close();
  const { ask } = await startControlHost({ dataFolder });
  const wrong = /is where Framegauge keeps its own files: choose one outside of/;
  const path = (id: number, what: string): string => `${API}/jobs/${id}${what}`;
  const before = [await ask('GET', path(ended.id, '')), await ask('GET', path(paused.id, ''))].map(({ json }) => json);
  expectProblem(await ask('POST', path(ended.id, '/duplicate'), { body: {} }), 422, wrong);
  expectProblem(await ask('POST', path(ended.id, '/requeue'), { body: { frames: 'all' } }), 422, wrong);
  expectProblem(await ask('PATCH', path(paused.id, ''), { body: { samples: 2 } }), 422, wrong);
  expect([await ask('GET', path(ended.id, '')), await ask('GET', path(paused.id, ''))].map(({ json }) => json)).toEqual(
    before,
  );
});

describe('a request that is wrong in itself', () => {
  it('gets a problem document, whatever is wrong', async () => {
    const { ask, url, tokens } = await startControlHost();
    expectProblem(
      await ask('GET', `${API}/nothing`),
      404,
      `There is nothing at ${API}/nothing: ${API}/ lists what there is.`,
    );
    expectProblem(await ask('GET', '/nothing', { token: 'none' }), 404);
    expectProblem(await ask('POST', '/nothing', { token: 'none' }), 404);
    const wrongMethod = await ask('PUT', `${API}/jobs`, { body: {} });
    expectProblem(wrongMethod, 405, 'PUT is not possible here: use GET, HEAD, POST.');
    expect(wrongMethod.headers.get('allow')).toBe('GET, HEAD, POST');
    for (const method of ['TRACE', 'QUERY'])
      expect(await statusOf(`${url}${API}/jobs`, method, tokens.control), method).toBe(405);
    expectProblem(await ask('GET', '/a%00b', { token: 'none' }), 400, /^The address names no file/);
    expectProblem(
      await ask('GET', '/index.html', { token: 'none', headers: { range: 'bytes=99999999-' } }),
      416,
      /^The file has no bytes in that range/,
    );
    expectProblem(await ask('POST', `${API}/jobs`, { body: 'x'.repeat(1024 * 1024 + 1) }), 413);
    expectProblem(
      await ask('POST', `${API}/jobs`, {
        body: 'scene=x',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
      }),
      415,
    );
    expectProblem(await ask('POST', `${API}/scenes?name=a.glb`, { body: {} }), 415);
    expectProblem(
      await ask('POST', `${API}/scenes?name=a.exe`, {
        body: 'x',
        headers: { 'content-type': 'application/octet-stream' },
      }),
      422,
      /is no scene/,
    );
    expectProblem(await ask('GET', `${API}/jobs?limit=0`), 400);
    expectProblem(
      await ask('GET', `${API}/jobs?colour=blue`),
      400,
      'The request does not fit: there is no “colour” here.',
    );
    expectProblem(await ask('GET', `${API}/jobs?state=queued,odd`), 400);
    expectProblem(await ask('GET', `${API}/jobs/%zz`), 400);
    expectProblem(await ask('GET', `${API}/socket`), 426);
    expectProblem(await ask('GET', `${API}/state`, { headers: { origin: 'http://elsewhere.example' } }), 403);
    const inside = await fetch(`${url}/healthz`);
    expect(await inside.json()).toEqual({ status: 'ok' });
  });

  it('may announce JSON and send none, where nothing is needed', async () => {
    const { ask } = await startControlHost();
    const answer = await ask('POST', `${API}/addons/prometheus/disable`, {
      headers: { 'content-type': 'application/json' },
    });
    expect(answer.status).toBe(200);
  });
});

it('an upload never leaves its folder and never stays half', async () => {
  const { ask, folder } = await startControlHost();
  const send = (name: string): Promise<Answer> =>
    ask('POST', `${API}/scenes?name=${encodeURIComponent(name)}`, {
      body: 'bytes',
      headers: { 'content-type': 'application/octet-stream' },
    });
  for (const name of ['../../x.glb', '..\\..\\x.glb', '/etc/x.glb'])
    expect((await send(name)).json).toEqual({ path: join(folder, 'data', 'scenes', 'x.glb') });
  for (const name of ['.glb', '..', 'a\0.glb', 'a\n.glb', `${'ä'.repeat(120)}.glb`])
    expectProblem(await send(name), 422);
});

it('the page needs no script, nothing from elsewhere, and tells every route', async () => {
  const control = await startControlHost();
  const page = await control.ask('GET', `${API}/`, { token: 'none' });
  expect(page.headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'sha256-[\w+/=]+'; /);
  expect(page.text).not.toMatch(/<script|<img|<link|style=|src=|https?:\/\/(?!127\.0\.0\.1)/);
  for (const { operation } of (await readOpenApi(control)).routes)
    expect(page.text).toContain(`id="${operation.operationId}"`);
});
