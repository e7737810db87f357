import { realpathSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FrameError, type RenderEngine, type RenderRequest } from '../../../src/main/engines/render-engine';
import { RemoteWorker } from '../../../src/main/farm/remote-worker';
import { createSceneManifests } from '../../../src/main/farm/scene-manifest';
import type { Tickets } from '../../../src/main/farm/tickets';
import { temporaryFolder } from '../../helpers/temporary-folder';

it('fails a frame whose ticket no machine can read, and says what is wrong with it', async () => {
  const folder = realpathSync(temporaryFolder());
  const scene = join(folder, 'a.flat');
  writeFileSync(scene, '{}');
  const files = [{ path: scene, realPath: scene }];
  const engine = {
    id: 'flat-colour',
    portable: async () => ({ files, fixed: null, program: null, furtherFiles: () => [] }),
  } as unknown as RenderEngine;
  const worker = new RemoteWorker({
    machine: { id: 'a', name: 'left', installations: [], roots: [] },
    engine,
    setup: '',
    scenes: createSceneManifests(),
    roots: { rootOf: () => null },
    reach: { failed: () => undefined, look: () => expect.unreachable() },
    tickets: { render: () => expect.unreachable() } as unknown as Tickets,
    adopts: null,
  });
  const request: RenderRequest = {
    scene,
    folder,
    lease: 1,
    frame: 1,
    fps: 24,
    width: 16,
    height: 8,
    samples: 1,
    format: 'png',
    sceneName: null,
    renderEngine: null,
    animations: null,
    transparent: null,
    device: null,
    camera: 'x'.repeat(1_001),
  };
  const rendered = worker.render(request, () => undefined, new AbortController().signal);
  await expect(rendered).rejects.toThrow(FrameError);
  await expect(rendered).rejects.toMatchObject({ final: true, message: expect.stringContaining('camera') as unknown });
});
