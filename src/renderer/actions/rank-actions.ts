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

/** In which order jobs are rendered: their ranks and their priorities. Each change can be taken back. */
export function createRankActions({ client, store, call, tell, eachJob }: ActionContext) {
  /** The last move, as long as it can be taken back: the next one of the same jobs is one with it. */
  let lastMove: { key: string; standings: readonly Standing[] } | null = null;

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

  /** Puts a job before another; among those of another priority it gets theirs. */
  async function put(job: Job, priority: number, before: number | null): Promise<boolean> {
    const { id } = job;
    if (job.priority === priority) return (await call('job.move', { id, before })) !== undefined;
    if (before !== null) return (await call('job.move', { id, before, priority: 'take' })) !== undefined;
    if (!(await call('job.edit', { id, changes: { priority } }))) return false;
    return (await call('job.move', { id, before })) !== undefined;
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
      if (!(await put(job, priority, next ?? null))) return;
    }
  }

  function tellMoved(jobs: readonly Job[], priority: number, standings: readonly Standing[]): void {
    const key = jobs.map(({ id }) => id).join();
    const there = store.getState().messages.some(({ topic }) => topic === 'moved');
    const from = lastMove?.key === key && there ? lastMove.standings : standings;
    lastMove = { key, standings: from };
    tell('info', jobsMoved(jobs, priority), {
      topic: 'moved',
      passing: true,
      action: { label: t('Undo'), run: () => void restore(from) },
    });
  }

  async function moveBefore(jobs: readonly Job[], priority: number, before: number | null): Promise<void> {
    const standings = standingsOf(jobs);
    for (const job of jobs) if (!(await put(job, priority, before))) return;
    tellMoved(jobs, priority, standings);
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
    await moveBefore(jobs, other.priority, others[at] ?? null);
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
      topic: 'priority',
      passing: true,
      action: { label: t('Undo'), run: () => void undo() },
    });
  }

  return {
    moveJobs,
    /**
     * One rank up or down, or to either end, among the jobs of their priority. At its end it says that the next step
     * changes the priority, and takes it when asked once more.
     */
    async stepJobs(ids: readonly number[], to: 'up' | 'down' | 'first' | 'last'): Promise<void> {
      const [first] = openJobs(ids);
      if (!first) return;
      const jobs = openJobs(ids).filter(({ priority }) => priority === first.priority);
      const moving = new Set(jobs.map(({ id }) => id));
      const group = groupOf(first.priority);
      const upwards = to === 'up' || to === 'first';
      const atEnd = (upwards ? group.slice(0, jobs.length) : group.slice(-jobs.length)).every((id) => moving.has(id));
      if (!atEnd) {
        const others = group.filter((id) => !moving.has(id));
        const edge = upwards ? group.findIndex((id) => moving.has(id)) : group.findLastIndex((id) => moving.has(id));
        const beside = group.slice(0, edge).findLast((id) => !moving.has(id));
        const next = group.slice(edge + 1).find((id) => !moving.has(id));
        const before = {
          up: beside,
          down: next === undefined ? undefined : others[others.indexOf(next) + 1],
          first: others[0],
          last: undefined,
        }[to];
        await moveBefore(jobs, first.priority, before ?? null);
        return;
      }
      const groups = priorityGroups(store.getState().model.jobs);
      const beyond = groups[groups.findIndex(({ priority }) => priority === first.priority) + (upwards ? -1 : 1)];
      if (!beyond || to === 'first' || to === 'last') return;
      const topic = `step ${to} ${[...moving].join()}`;
      const said = store.getState().messages.find((message) => message.topic === topic);
      if (!said) {
        tell('info', alreadyAtEnd(jobs, upwards, beyond.priority), { topic, passing: true });
        return;
      }
      await moveJobs([...moving], upwards ? beyond.ids.at(-1)! : beyond.ids[0]!, upwards);
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
