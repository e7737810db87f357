import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it, onTestFinished } from 'vitest';
import { blendFacts } from '../../../../src/main/engines/blender/blend-facts';
import type { BlenderProcess } from '../../../../src/main/engines/blender/blender-process';
import { type BlenderWorker, startBlenderWorker } from '../../../../src/main/engines/blender/blender-worker';
import { DriverInspection } from '../../../../src/main/engines/blender/driver-inspection';
import { blenderScenes } from '../../../helpers/blender-scenes';
import { eachBlender, pathOf } from '../../../helpers/needs';
import { USUAL } from '../../../helpers/render-frame';
import { temporaryFolder } from '../../../helpers/temporary-folder';

const NEVER = new AbortController().signal;

async function start(): Promise<BlenderWorker> {
  const worker = await startBlenderWorker({
    executable: pathOf('blender'),
    factoryStartup: false,
    allowScripts: false,
  });
  onTestFinished(() => worker.stop());
  return worker;
}

/** Has Blenders read a person's settings and scripts from here, as long as the running test. */
function ownScripts(): string {
  const scripts = temporaryFolder();
  const before = { ...process.env };
  onTestFinished(() => {
    process.env = before;
  });
  Object.assign(process.env, { BLENDER_USER_CONFIG: temporaryFolder(), BLENDER_USER_SCRIPTS: scripts });
  return scripts;
}

it('is not late by the time in which the host itself was stopped', async () => {
  const late: string[] = [];
  const blender = { readOutput: () => undefined } as BlenderProcess;
  const asked = new DriverInspection(blender, 1, '/scene.blend');
  const facts = asked.facts('Blender', 0.4, () => late.push('late'));
  // Nothing of this process goes on meanwhile; what Blender said is read after the timers.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 900);
  setTimeout(() => asked.answered(false), 1);
  expect(await facts).toBeNull();
  expect(late).toEqual([]);
  const hanging = new DriverInspection(blender, 2, '/scene.blend');
  void hanging.facts('Blender', 0.1, () => {
    late.push('late');
    hanging.answered(false);
  });
  await expect.poll(() => late).toEqual(['late']);
});

eachBlender('a Blender worker that looks into files', () => {
  let scenes: string;
  beforeAll(async () => {
    scenes = await blenderScenes();
  });

  it('finds what a Blender of its own finds, and renders as if it had not looked', async () => {
    ownScripts();
    const worker = await start();
    const render = async (scene: string): Promise<unknown> => {
      const folder = temporaryFolder();
      const short = { scene, frame: 1, width: 160, height: 90, samples: 4, folder };
      return (await worker.render({ ...USUAL, ...short }, () => undefined, NEVER)).warnings;
    };
    const anim = join(scenes, 'anim.blend');
    const before = await render(anim);
    const program = { executable: pathOf('blender'), version: null, name: 'Blender' };
    for (const name of ['second-active', 'linked-active', 'gone-engine', 'missing-texture']) {
      const path = join(scenes, `${name}.blend`);
      expect(await worker.facts(path, program.name), name).toEqual(await blendFacts(path, program, NEVER));
    }
    expect(await render(anim)).toEqual(before);
  });

  it('leaves it to another Blender where a person’s own code runs, a file is damaged, or it is busy', async () => {
    const scripts = ownScripts();
    const folder = temporaryFolder();
    const broken = join(folder, 'broken.blend');
    writeFileSync(broken, 'BLENDER-v304 and nothing else');
    const plain = await start();
    expect(await plain.facts(broken, 'Blender')).toBeNull();
    const [first, second] = [0, 1].map(() => plain.facts(join(scenes, 'anim.blend'), 'Blender'));
    expect(await second).toBeNull();
    expect(await first).not.toBeNull();

    mkdirSync(join(scripts, 'startup'));
    writeFileSync(join(scripts, 'startup', 'mine.py'), 'def register(): pass\n');
    const own = await start();
    expect(await own.facts(join(scenes, 'anim.blend'), 'Blender')).toBeNull();
    // It ends meanwhile.
    const looked = plain.facts(join(scenes, 'anim.blend'), 'Blender');
    process.kill(plain.pid, 'SIGKILL');
    expect(await looked).toBeNull();
  });

  it('is stopped where it takes too long', async () => {
    ownScripts();
    const worker = await start();
    expect(await worker.facts(join(scenes, 'anim.blend'), 'Blender', 0.001)).toBeNull();
    expect(await worker.exited).toMatchObject({ reason: 'stopped' });
  });
});
