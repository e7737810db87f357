import type { HostEvent } from '../../../shared/host-api';
import type { OperatorCommand, OperatorMessage } from '../../../shared/operators';
import type { PanelMessage } from '../../../shared/panels';
import { createOperatorRegistry, type OperatorProcess, type OperatorRegistry } from './operator-registry';
import { createPanelRegistry, type PanelRegistry } from './panel-registry';

/** What an add-on's process tells about what it offers to people. */
export type OfferMessage = OperatorMessage | PanelMessage;
/** What the host asks of it. */
export type OfferCommand = OperatorCommand;

/** What one process offers. */
export interface AttachedOffers {
  receive(message: OfferMessage): void;
  /** Whether one of its operators is running. */
  busy(): boolean;
  /** All of it vanishes. May be called again. @param reason a clause: `was disabled` */
  close(reason: string): void;
}

/** What the running add-ons offer to people. */
export interface AddonOffers {
  readonly operators: OperatorRegistry;
  readonly panels: Pick<PanelRegistry, 'list'>;
  /** Takes what an add-on's new process offers. */
  attach(addon: { readonly id: string; readonly name: string }, process: OperatorProcess): AttachedOffers;
}

export interface AddonOffersOptions {
  readonly tell: (event: HostEvent) => void;
  readonly hasJob: (id: number) => boolean;
  /** How long an operator may take to stop once it is cancelled, in milliseconds. */
  readonly cancelDeadline?: number;
}

export function createAddonOffers({ tell, ...options }: AddonOffersOptions): AddonOffers {
  const operators = createOperatorRegistry({
    ...options,
    onOperators: (list) => tell({ type: 'operators', operators: list }),
    onRun: (run) => tell({ type: 'operator-run', run }),
  });
  const panels = createPanelRegistry({
    onPanel: (panel) => tell({ type: 'panel', panel }),
    onRemoved: (id) => tell({ type: 'panel-removed', id }),
  });
  return {
    operators,
    panels,
    attach(addon, process) {
      const ofOperators = operators.attach(addon, process);
      const ofPanels = panels.attach(addon, (text) => process.warn(text));
      return {
        receive(message) {
          if (message.type === 'panel' || message.type === 'panel-removed') ofPanels.receive(message);
          else ofOperators.receive(message);
        },
        busy: ofOperators.busy,
        close(reason) {
          ofOperators.close(reason);
          ofPanels.close();
        },
      };
    },
  };
}
