import type { MachineInfo } from '../../shared/machines';
import { t } from '../../shared/texts/translate';
import { areaInSight } from '../app-store';
import type { ActionContext } from './action-context';

/** What can be done with the machines of a farm. */
export function createMachineActions({ store, set, call, tell }: ActionContext) {
  return {
    /** @param after `frame` finishes the frames in work, `now` has others render them */
    async pauseMachine(id: string, after: 'now' | 'frame'): Promise<void> {
      await call('machine.pause', { id, after });
    },
    async resumeMachine(id: string): Promise<void> {
      await call('machine.resume', { id });
    },
    async wakeMachine({ id, name }: Pick<MachineInfo, 'id' | 'name'>): Promise<void> {
      if (await call('machine.wake', { id })) tell('success', t('“{name}” was sent the signal to wake up.', { name }));
    },
    async forgetMachine(id: string): Promise<void> {
      const gone = await call('machine.forget', { id });
      if (gone) tell('success', t('“{name}” is no longer part of the farm.', { name: gone.name }));
    },
    /** Lists the jobs that a machine has had frames of. */
    listJobsOf({ name }: Pick<MachineInfo, 'name'>): void {
      const state = store.getState();
      const { filter, view } = state;
      set({
        ...areaInSight(state, 'queue'),
        filter: { ...filter, machine: name },
        view: { ...view, finished: true },
      });
    },
  };
}
