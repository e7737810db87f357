import { expect, it } from 'vitest';
import { createEngineRegistry } from '../../../src/main/engines/engine-registry';
import type { RenderEngine } from '../../../src/main/engines/render-engine';
import type { EngineInfo } from '../../../src/shared/engines';
import type { JobRequest } from '../../../src/shared/jobs';
import { paperEngine } from '../../helpers/paper-engine';
import { sampleEngine, sampleScene } from '../../helpers/samples';

function engine(id: string, extensions: string[], change: Partial<RenderEngine> = {}): RenderEngine {
  return {
    ...paperEngine(),
    id,
    extensions,
    inspect: (path) => Promise.resolve(sampleScene({ path, engine: id })),
    ...change,
  };
}

it('asks the engine that a file name ending names, however it is written', async () => {
  const registry = createEngineRegistry([engine('clay', ['.clay', '.mud']), engine('ink', ['.ink'])]);
  expect(await registry.inspect('/a/pot.MUD')).toMatchObject({ engine: 'clay' });
  expect(await registry.inspect('/a/pot.ink')).toMatchObject({ engine: 'ink' });
  await expect(registry.inspect('/a/pot.txt')).rejects.toThrow(
    '/a/pot.txt cannot be opened: a scene ends with .clay, .mud or .ink.',
  );
  expect(registry.extensions).toEqual(['.clay', '.mud', '.ink']);
  expect(() => registry.get('oil')).toThrow('No engine here renders oil scenes.');
});

it('lets the engine of a scene start ahead, if it has anything to start', () => {
  const prepared: JobRequest[] = [];
  const registry = createEngineRegistry([
    engine('clay', ['.clay'], { prepare: async (request) => void prepared.push(request) }),
    engine('ink', ['.ink']),
  ]);
  for (const scene of ['/a.clay', '/a.ink', '/a.txt']) registry.prepare({ scene });
  expect(prepared).toEqual([{ scene: '/a.clay' }]);
});

it('knows what can render here: what is built in at once, and what was found', async () => {
  const found = (problem: string | null): EngineInfo[] => [sampleEngine({ engine: 'ink', problem })];
  let problem: string | null = 'It has run dry.';
  const registry = createEngineRegistry([
    engine('ink', ['.ink'], { builtIn: false, list: () => Promise.resolve(found(problem)) }),
    engine('clay', ['.clay']),
  ]);
  expect(registry.able()).toEqual(['clay']);
  expect(await registry.list(false)).toEqual(found(problem));
  expect(registry.able()).toEqual(['clay']);
  problem = null;
  await registry.list(true);
  expect(registry.able()).toEqual(['clay', 'ink']);
});

it('tells of which engines other installations may be found', () => {
  const registry = createEngineRegistry([
    engine('clay', ['.clay'], { preferencesChanged: () => true }),
    engine('ink', ['.ink'], { preferencesChanged: () => false }),
    engine('oil', ['.oil']),
  ]);
  expect(registry.preferencesChanged()).toEqual(['clay']);
});

it('ends the engines, the last one first', async () => {
  const ended: string[] = [];
  const close = (id: string) => async (): Promise<void> => void ended.push(id);
  await createEngineRegistry([
    engine('clay', ['.clay'], { close: close('clay') }),
    engine('ink', ['.ink'], { close: close('ink') }),
  ]).close();
  expect(ended).toEqual(['ink', 'clay']);
});

it.each([
  ['an id', engine('clay', ['.mud'])],
  ['a file name ending', engine('ink', ['.clay'])],
])('does not take two engines with %s in common', (_what, other) =>
  expect(() => createEngineRegistry([engine('clay', ['.clay']), other])).toThrow('Two engines have the same id'),
);
