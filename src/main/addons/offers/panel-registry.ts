import {
  MAX_PANEL_TEXT,
  MAX_PANELS,
  type Panel,
  PANEL_INTERVAL,
  type PanelDefinition,
  type PanelMessage,
} from '../../../shared/panels';
import { type Throttled, throttle } from '../../../shared/throttle';

export interface PanelRegistryOptions {
  /** A panel is new, or has other content. Called at most every 300 ms for a panel. */
  readonly onPanel: (panel: Panel) => void;
  readonly onRemoved: (id: string) => void;
}

/** The panels of every running add-on. */
export interface PanelRegistry {
  /** By add-on, in the order in which they were added. */
  list(): Panel[];
  /** Takes messages of an add-on's new process. @param warn writes a line to the add-on's log */
  attach(addon: { readonly id: string; readonly name: string }, warn: (text: string) => void): AttachedPanels;
}

/** One process's side. */
export interface AttachedPanels {
  receive(message: PanelMessage): void;
  /** Its panels vanish. May be called again. */
  close(): void;
}

interface Kept {
  panel: Panel;
  readonly length: number;
  readonly tell: Throttled;
}

export function createPanelRegistry({ onPanel, onRemoved }: PanelRegistryOptions): PanelRegistry {
  const panels = new Map<string, Kept>();

  function attach({ id: addonId, name }: { id: string; name: string }, warn: (text: string) => void): AttachedPanels {
    const own = (): [string, Kept][] => [...panels].filter(([, { panel }]) => panel.addonId === addonId);
    let closed = false;

    function put(definition: PanelDefinition): void {
      const id = `${addonId}.${definition.id}`;
      const known = panels.get(id);
      const others = own().filter(([other]) => other !== id);
      const { length } = JSON.stringify(definition);
      if (others.length >= MAX_PANELS)
        return warn(`Its panel “${definition.id}” is left out: ${MAX_PANELS} are the most.`);
      if (others.reduce((sum, [, other]) => sum + other.length, length) > MAX_PANEL_TEXT)
        return warn(
          `Its panel “${definition.id}” is not updated: all its panels together may have ${MAX_PANEL_TEXT} characters of JSON.`,
        );
      const panel = { ...definition, id, addonId, addonName: name };
      const tell =
        known?.tell ??
        throttle(PANEL_INTERVAL, () => {
          const now = panels.get(id);
          if (now) onPanel(now.panel);
        });
      panels.set(id, { panel, length, tell });
      tell();
    }

    function remove(id: string): void {
      if (panels.delete(id)) onRemoved(id);
    }

    return {
      receive(message) {
        if (closed) return;
        if (message.type === 'panel') put(message.panel);
        else remove(`${addonId}.${message.id}`);
      },
      close() {
        if (closed) return;
        closed = true;
        for (const [id] of own()) remove(id);
      },
    };
  }

  return { list: () => [...panels.values()].map(({ panel }) => panel), attach };
}
