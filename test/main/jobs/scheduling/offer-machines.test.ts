import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createAlikeJobs } from '../../../../src/main/jobs/scheduling/alike-jobs';
import { Obstacles } from '../../../../src/main/jobs/scheduling/obstacles';
import { offerMachines } from '../../../../src/main/jobs/scheduling/offer-machines';

interface PaperJob {
  readonly priority: number;
  /** The tag that its machine must have. */
  readonly tag: string;
  /** Whether a machine can have its scene. */
  readonly portable: boolean;
}

/** Jobs with ids from 1, and machines that are known by their one tag. */
function makeQueue(jobs: readonly PaperJob[]) {
  const alike = createAlikeJobs();
  const announced: number[] = [];
  const obstacles = new Obstacles((id) => announced.push(id));
  const of = (id: number): PaperJob => jobs[id - 1]!;
  jobs.forEach(({ priority }, index) => alike.put(index + 1, { priority, position: index }));
  /** @returns the jobs that were looked at, in order */
  function round(machines: Iterable<string>): { readonly looked: number[]; readonly served: number[] } {
    const free = new Set(machines);
    const reserved = new Set<string>();
    const looked: number[] = [];
    const served: number[] = [];
    const asks = (id: number) => ({
      needs: { engine: 'gltf', setup: '', scene: of(id).tag } as const,
      alike: of(id).tag,
    });
    const mayHaveAny = ({ alike: tag }: { readonly alike: string | null }): boolean =>
      free.has(tag!) && !reserved.has(tag!);
    offerMachines({ turns: alike.turns(), machines: { asks, mayHaveAny }, obstacles }, reserved, (id) => {
      looked.push(id);
      const { tag, portable } = of(id);
      const may = free.has(tag) && portable;
      obstacles.set(id, may ? null : `a machine with ${tag}`);
      if (!may) return 'none';
      if (!reserved.has(tag)) served.push(id);
      reserved.add(tag);
      return 'served';
    });
    return { looked, served };
  }
  return { alike, obstacles, announced, round };
}

it('looks at one of those that no machine may take, however many there are', () => {
  const many = 100_000;
  const jobs = Array.from({ length: many }, (): PaperJob => ({ priority: 0, tag: 'none has it', portable: true }));
  const { obstacles, announced, round } = makeQueue([...jobs, { priority: 0, tag: 'gpu', portable: true }]);
  expect(round(['gpu']).looked).toEqual([1, many + 1]);
  expect(obstacles.of(many)).toBe('a machine with none has it');
  expect(announced).toHaveLength(many);
  expect(round(['gpu'])).toEqual({ looked: [1, many + 1], served: [many + 1] });
  expect(announced).toHaveLength(many);
  // One comes that may.
  expect(round(['gpu', 'none has it']).served).toEqual([1, many + 1]);
  expect([obstacles.of(1), obstacles.of(many)]).toEqual([null, null]);
});

it('looks again at a scene that no machine may have only after something has changed', () => {
  const { alike, obstacles, round } = makeQueue([
    { priority: 0, tag: 'gpu', portable: false },
    { priority: 0, tag: 'gpu', portable: true },
  ]);
  expect(round(['gpu'])).toEqual({ looked: [1, 2], served: [2] });
  expect(round(['gpu']).looked).toEqual([2]);
  expect([obstacles.of(1), obstacles.of(2)]).toEqual(['a machine with gpu', null]);
  alike.reconsider();
  expect(round(['gpu']).looked).toEqual([1, 2]);
});

it('serves the jobs that going through all of them would serve, with the same obstacles', () => {
  const job = fc.record({
    priority: fc.integer({ min: 0, max: 2 }),
    tag: fc.constantFrom('a', 'b', 'c'),
    portable: fc.boolean(),
  });
  const machines = fc.subarray(['a', 'b', 'c']);
  const rounds = fc.array(machines, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(fc.array(job, { maxLength: 30 }), rounds, (jobs, all) => {
      const { alike, obstacles, round } = makeQueue(jobs);
      const ranked = jobs
        .map((one, index) => ({ ...one, id: index + 1 }))
        .sort((one, other) => other.priority - one.priority || one.id - other.id);
      for (const free of all) {
        alike.reconsider();
        const first = (tag: string): number[] =>
          ranked
            .filter((one) => one.tag === tag && one.portable && free.includes(tag))
            .slice(0, 1)
            .map(({ id }) => id);
        const { served, looked } = round(free);
        expect(new Set(served)).toEqual(new Set(['a', 'b', 'c'].flatMap(first)));
        expect(new Set(looked).size).toBe(looked.length);
        for (const { id, tag } of ranked)
          if (!free.includes(tag)) expect(obstacles.of(id)).toBe(`a machine with ${tag}`);
        for (const id of served) expect(obstacles.of(id)).toBeNull();
      }
    }),
  );
});
