import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  FrameError,
  FrameLostError,
  type RenderEngine,
  type RenderRequest,
  type RenderedFrame,
} from '../../../src/main/engines/render-engine';
import { RemoteWorker, type RemoteWorkerOptions } from '../../../src/main/farm/remote-worker';
import { createSceneManifests } from '../../../src/main/farm/scene-manifest';
import type { OpenTicket } from '../../../src/main/farm/open-ticket';
import type { Tickets } from '../../../src/main/farm/tickets';
import { USUAL } from '../../helpers/render-frame';
import { temporaryFolder } from '../../helpers/temporary-folder';

const REQUEST = { ...USUAL, lease: 1, frame: 1, width: 16, height: 8, samples: 1 };
const NEVER = new AbortController().signal;

/** A worker on a machine without roots and programs, and a frame of a scene. @param portable what its engine says of the scene */
function makeWorker(
  tickets: Partial<Record<keyof Tickets, unknown>>,
  change: Partial<RemoteWorkerOptions> = {},
  portable: Readonly<Record<string, unknown>> = {},
): { readonly worker: RemoteWorker; readonly request: RenderRequest } {
  const folder = realpathSync(temporaryFolder());
  const scene = join(folder, 'a.flat');
  writeFileSync(scene, '{}');
  const files = [{ path: scene, realPath: scene }];
  const engine = {
    id: 'flat-colour',
    portable: async () => ({ files, fixed: null, program: null, furtherFiles: () => [], ...portable }),
    setupFor: (setup: string, program: string | null, found: readonly unknown[]) =>
      program === null || found.length > 0 ? setup : null,
  } as unknown as RenderEngine;
  const worker = new RemoteWorker({
    machine: { id: 'a', name: 'left', installations: [], roots: [] },
    engine,
    setup: '',
    scenes: createSceneManifests(),
    roots: { rootOf: () => null, opened: Promise.resolve() },
    reach: { failed: () => expect.unreachable(), look: () => expect.unreachable() },
    tickets: tickets as unknown as Tickets,
    adopts: null,
    ...change,
  });
  return { worker, request: { ...REQUEST, scene, folder } };
}

it('fails a frame whose ticket no machine can read, and says what is wrong with it', async () => {
  const { worker, request } = makeWorker({ render: () => expect.unreachable() });
  const rendered = worker.render({ ...request, camera: 'x'.repeat(1_001) }, () => undefined, NEVER);
  await expect(rendered).rejects.toThrow(FrameError);
  await expect(rendered).rejects.toMatchObject({ final: true, message: expect.stringContaining('camera') as unknown });
});

it('lives for the one frame that it takes over, since what its machine offers is not known', async () => {
  const frame: RenderedFrame = { files: [], seconds: 1, peakBytes: null, warnings: [], log: [] };
  const forgone: number[] = [];
  const tickets = { render: async () => frame, forgo: (lease: number) => forgone.push(lease) };
  const { worker, request } = makeWorker(tickets, { adopts: 1 }, { program: '4.2.1' });
  expect(await worker.render(request, () => undefined, NEVER)).toMatchObject({ seconds: 1 });
  expect([await worker.exited, forgone]).toMatchObject([{ reason: 'stopped' }, [1]]);
  await expect(worker.render({ ...request, lease: 2 }, () => undefined, NEVER)).rejects.toThrow(FrameLostError);

  // Its frame ended before it came here.
  const other = makeWorker(tickets, { adopts: 1 }, { program: '4.2.1' });
  await expect(other.worker.render({ ...request, lease: 2 }, () => undefined, NEVER)).rejects.toThrow(FrameLostError);
  await other.worker.exited;
});

it('tells of no scene that can’t leave the manager where other machines have its root', async () => {
  const fixed = { paths: [], problem: 'It names a path from the top of the disk.' };
  const failed: string[] = [];
  const reach: RemoteWorkerOptions['reach'] = {
    failed: (_needs, problem) => failed.push(problem),
    look: () => expect.unreachable(),
  };
  const rooted = { root: { name: 'shows', path: '/mnt/shows' }, fixed: true };
  for (const rootOf of [() => rooted, () => null]) {
    const { worker, request } = makeWorker({}, { reach, roots: { rootOf, opened: Promise.resolve() } }, { fixed });
    await expect(worker.render(request, () => undefined, NEVER)).rejects.toThrow(FrameLostError);
    expect(failed).toHaveLength(rootOf() ? 0 : 1);
  }
});

it('takes over a frame of a scene that machines have on a root only', async () => {
  let scene: unknown;
  const render = async ({ ticket }: OpenTicket): Promise<RenderedFrame> => {
    scene = ticket.scene;
    return { files: [], seconds: 1, peakBytes: null, warnings: [], log: [] };
  };
  const fixed = { paths: [], problem: 'It names a path from the top of the disk.' };
  let path = '/';
  const rootOf = (): unknown => ({ root: { name: 'shows', path }, fixed: true });
  const roots = { rootOf, opened: Promise.resolve() } as RemoteWorkerOptions['roots'];
  const { worker, request } = makeWorker({ render, forgo: () => undefined }, { adopts: 1, roots }, { fixed });
  path = request.folder;
  await worker.render(request, () => undefined, NEVER);
  expect(scene).toMatchObject({ root: 'shows', path: 'a.flat' });

  // Without the root it is lost, which says nothing about the scene on other machines.
  const lost = makeWorker({ forgo: () => undefined }, { adopts: 1 }, { fixed });
  await expect(lost.worker.render(lost.request, () => undefined, NEVER)).rejects.toThrow(FrameLostError);
  await lost.worker.exited;
});
