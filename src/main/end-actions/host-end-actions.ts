import type { HostEvent } from '../../shared/host-api';
import type { Lifecycle } from '../events/lifecycle';
import { type EndActionsOptions, createEndActions } from './end-actions';
import { setPower } from './power';
import { runShellCommand } from './shell-command';
import { type HoldAwake, createStayAwake, holdAwake } from './stay-awake';

export interface HostEndActionsOptions extends Omit<EndActionsOptions, 'runCommand' | 'setPower'> {
  /** Keeps the machine awake; defaults to a program of the system. */
  readonly holdAwake?: HoldAwake | undefined;
  readonly lifecycle: Lifecycle;
  subscribe(listener: (event: HostEvent) => void): unknown;
}

/** What a host does when jobs and the queue end, and while they render: it follows both by itself. */
export function createHostEndActions(options: HostEndActionsOptions): {
  preferencesChanged(): void;
  close(): Promise<void>;
} {
  const { preferences, lifecycle, subscribe } = options;
  const actions = createEndActions({ ...options, runCommand: runShellCommand, setPower });
  lifecycle.on(actions.see);
  subscribe((event) => event.type === 'queue' && actions.queueChanged(event.queue));
  const awake = createStayAwake({
    hold: options.holdAwake ?? (() => holdAwake()),
    wanted: () => preferences()['queue.stayAwake'] === true,
  });
  subscribe(awake.see);
  return {
    preferencesChanged() {
      actions.preferencesChanged();
      awake.preferencesChanged();
    },
    async close() {
      awake.close();
      await actions.close();
    },
  };
}
