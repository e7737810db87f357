import type { Job } from '../../shared/jobs';
import { msg, t } from '../../shared/texts/translate';
import { isFinished, priorityGroups } from '../model/job-table';
import { alreadyAtEnd, jobsMoved, prioritiesSet } from '../model/job-sentences';
import type { ActionContext } from './action-context';

/** Where a job stood, so that it can be put back. */
interface Standing {
  readonly id: number;
  readonly priority: number;
  /** Those of its priority that came after it, the next one first. */
  readonly followers: readonly number[];
}

/** A job, before which one it is put (null: last), and the priority that it has there. */
interface Move {
  readonly job: Job;
  readonly priority: number;
  readonly before: number | null;
}

/** In which order jobs are rendered: their ranks and their priorities. Each change can be taken back. */
export function createRankActions({ client, store, call, tell, refused, eachJob }: ActionContext) {
  /** Where jobs stood by the topic that tells of their move: as long as it can be taken back, the next one is one with it. */
  const undoable = new Map<string, readonly Standing[]>();
  let lastPriority = 0;

  const openJobs = (ids: readonly number[]): Job[] => {
    const { open, byId } = store.getState().model.jobs;
    const wanted = new Set(ids);
    return open.filter((id) => wanted.has(id)).map((id) => byId.get(id)!);
  };
  const groupOf = (priority: number): readonly number[] =>
    priorityGroups(store.getState().model.jobs).find((group) => group.priority === priority)?.ids ?? [];

  function standingsOf(jobs: readonly Job[]): Standing[] {
    const places = new Map<number, { group: readonly number[]; at: number }>();
    for (const { ids } of priorityGroups(store.getState().model.jobs))
      ids.forEach((id, at) => places.set(id, { group: ids, at }));
    return jobs.map(({ id, priority }) => {
      const { group, at } = places.get(id)!;
      return { id, priority, followers: group.slice(at + 1) };
    });
  }

  /**
   * Puts a job before another; among those of another priority it gets theirs.
   *
   * @returns how much of that succeeded
   */
  async function put(job: Job, priority: number, before: number | null): Promise<'all' | 'part' | 'none'> {
    const { id } = job;
    const gets = job.priority !== priority;
    const edits = gets && before === null;
    if (edits && !(await call('job.edit', { id, changes: { priority } }))) return 'none';
    const moved = await call('job.move', { id, before, ...(gets && !edits ? { priority: 'take' } : {}) });
    return moved ? 'all' : edits ? 'part' : 'none';
  }

  async function restore(standings: readonly Standing[]): Promise<void> {
    // From the last to the first: the one that a job stood before is back by then.
    for (const { id, priority, followers } of standings.toReversed()) {
      const { byId } = store.getState().model.jobs;
      const job = byId.get(id);
      if (!job || isFinished(job)) continue;
      const next = followers.find((one) => {
        const follower = byId.get(one);
        return follower !== undefined && !isFinished(follower) && follower.priority === priority;
      });
      if ((await put(job, priority, next ?? null)) !== 'all') return;
    }
  }

  function tellMoved(moved: readonly Move[], standings: readonly Standing[]): void {
    const topic = `moved ${moved.map(({ job }) => job.id).join()}`;
    const there = store.getState().messages.some((message) => message.topic === topic);
    const from = (there && undoable.get(topic)) || standings;
    undoable.set(topic, from);
    tell('info', jobsMoved(moved), {
      topic,
      passing: true,
      action: { label: t('Undo'), run: () => void restore(from) },
    });
  }

  /** Carries out moves one after another up to the first that fails. What has moved by then can be taken back. */
  async function move(moves: readonly Move[]): Promise<void> {
    const standings = standingsOf(moves.map(({ job }) => job));
    let count = 0;
    for (const { job, priority, before } of moves) {
      const done = await put(job, priority, before);
      if (done !== 'none') count += 1;
      if (done !== 'all') break;
    }
    if (count > 0) tellMoved(moves.slice(0, count), standings.slice(0, count));
  }

  /** The moves of a priority's jobs by one rank, or to an end; null where all of them are at that end. */
  function stepsOf(jobs: readonly Job[], to: 'up' | 'down' | 'first' | 'last'): Move[] | null {
    const { priority } = jobs[0]!;
    const moving = new Set(jobs.map(({ id }) => id));
    const group = groupOf(priority);
    const upwards = to === 'up' || to === 'first';
    const atEnd = (upwards ? group.slice(0, jobs.length) : group.slice(-jobs.length)).every((id) => moving.has(id));
    if (atEnd) return null;
    const others = group.filter((id) => !moving.has(id));
    const edge = upwards ? group.findIndex((id) => moving.has(id)) : group.findLastIndex((id) => moving.has(id));
    const beside = group.slice(0, edge).findLast((id) => !moving.has(id));
    const next = group.slice(edge + 1).find((id) => !moving.has(id));
    const before = {
      // What is at the top stays there; the others come close to it.
      up: beside ?? others[0],
      down: next === undefined ? undefined : others[others.indexOf(next) + 1],
      first: others[0],
      last: undefined,
    }[to];
    return jobs.map((job) => ({ job, priority, before: before ?? null }));
  }

  /**
   * Puts jobs beside another, where they are rendered just before or after that one: among jobs of another priority
   * they get theirs.
   *
   * @param below whether after it
   */
  async function moveJobs(ids: readonly number[], target: number, below: boolean): Promise<void> {
    const other = store.getState().model.jobs.byId.get(target);
    const jobs = openJobs(ids);
    if (!other || jobs.length === 0 || ids.includes(target)) return;
    const group = groupOf(other.priority);
    const others = group.filter((id) => !ids.includes(id));
    const at = others.indexOf(target) + (below ? 1 : 0);
    const ranked = [...others.slice(0, at), ...jobs.map(({ id }) => id), ...others.slice(at)];
    // Already there.
    if (ranked.join() === group.join()) return;
    await move(jobs.map((job) => ({ job, priority: other.priority, before: others[at] ?? null })));
  }

  /** Says that jobs were given a priority, and offers to take it back. @param jobs as they were before */
  function prioritySet(jobs: readonly Job[], priority: number): void {
    if (jobs.length === 0) return;
    const before = new Map(jobs.map((job) => [job.id, job.priority]));
    const undo = (): Promise<unknown> =>
      eachJob([...before.keys()], msg('given its priority back'), (id) =>
        client.call('job.edit', { id, changes: { priority: before.get(id)! } }),
      );
    tell('info', prioritiesSet(jobs, priority), {
      topic: `priority ${++lastPriority}`,
      passing: true,
      action: { label: t('Undo'), run: () => void undo() },
    });
  }

  return {
    moveJobs,
    /**
     * One rank up or down, or to either end, each among the jobs of its priority. At the end of one priority it says that
     * the next step changes it, and takes that step when asked once more.
     */
    async stepJobs(ids: readonly number[], to: 'up' | 'down' | 'first' | 'last'): Promise<void> {
      if (refused()) return;
      const jobs = openJobs(ids);
      const groups = priorityGroups(store.getState().model.jobs);
      const alike = groups
        .map((group) => jobs.filter(({ priority }) => priority === group.priority))
        .filter((some) => some.length > 0);
      const moves = alike.flatMap((group) => stepsOf(group, to) ?? []);
      if (moves.length > 0) return move(moves);
      const [first] = jobs;
      const upwards = to === 'up';
      if (!first || alike.length > 1 || to === 'first' || to === 'last') return;
      const beyond = groups[groups.findIndex(({ priority }) => priority === first.priority) + (upwards ? -1 : 1)];
      if (!beyond) return;
      const moving = jobs.map(({ id }) => id);
      const topic = `step ${to} ${moving.join()}`;
      const said = store.getState().messages.find((message) => message.topic === topic);
      if (!said) {
        tell('info', alreadyAtEnd(jobs, upwards, beyond.priority), { topic, passing: true });
        return;
      }
      await moveJobs(moving, upwards ? beyond.ids.at(-1)! : beyond.ids[0]!, upwards);
    },
    /** Gives jobs a priority. */
    async setPriority(ids: readonly number[], priority: number): Promise<void> {
      const jobs = openJobs(ids).filter((job) => job.priority !== priority);
      const edited = await eachJob(
        jobs.map(({ id }) => id),
        msg('given that priority'),
        (id) => client.call('job.edit', { id, changes: { priority } }),
      );
      const done = new Set(edited);
      prioritySet(
        jobs.filter(({ id }) => done.has(id)),
        priority,
      );
    },
    prioritySet,
  };
}
