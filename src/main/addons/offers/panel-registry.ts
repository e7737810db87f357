import {
  MAX_PANEL_IMAGE_BYTES,
  MAX_PANEL_TEXT,
  MAX_PANELS,
  type Panel,
  PANEL_INTERVAL,
  type PanelDefinition,
  type PanelMessage,
  panelSize,
  type ShownElement,
} from '../../../shared/panels';
import { throttle } from '../../../shared/throttle';
import { showImages } from './panel-images';

export interface PanelRegistryOptions {
  /** A panel is new, or has other content. Told, as that one is gone, at most every 300 ms of an add-on. */
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
  readonly definition: PanelDefinition;
  /** What clients see. Images of the add-on's own are missing until they have been checked. */
  panel: Panel;
  readonly size: ReturnType<typeof panelSize>;
}

/** Whether an element has to be checked, which takes time, before it is shown. */
const isUnchecked = (element: PanelDefinition['elements'][number]): boolean =>
  element.type === 'image' && element.bytes !== undefined;

export function createPanelRegistry({ onPanel, onRemoved }: PanelRegistryOptions): PanelRegistry {
  const panels = new Map<string, Kept>();

  function attach({ id: addonId, name }: { id: string; name: string }, warn: (text: string) => void): AttachedPanels {
    const own = (): [string, Kept][] => [...panels].filter(([, { panel }]) => panel.addonId === addonId);
    let closed = false;
    /** Panels that were told, by id. */
    const told = new Set<string>();
    /** Those that have changed since. */
    const changed = new Set<string>();
    // For all of them together: ids can be made up without end.
    const tellChanged = throttle(PANEL_INTERVAL, () => {
      for (const id of changed) {
        changed.delete(id);
        if (panels.has(id)) void show(id);
        else if (told.delete(id)) onRemoved(id);
      }
    });

    function put(definition: PanelDefinition): void {
      const id = `${addonId}.${definition.id}`;
      const known = panels.get(id);
      const others = own().filter(([other]) => other !== id);
      const size = panelSize(definition);
      const sum = (of: 'text' | 'bytes'): number =>
        others.reduce((more, [, { size: one }]) => more + one[of], size[of]);
      if (others.length >= MAX_PANELS)
        return warn(`Its panel “${definition.id}” is left out: ${MAX_PANELS} are the most.`);
      if (sum('text') > MAX_PANEL_TEXT)
        return warn(
          `Its panel “${definition.id}” is not updated: all its panels together may have ${MAX_PANEL_TEXT} characters of JSON.`,
        );
      if (sum('bytes') > MAX_PANEL_IMAGE_BYTES)
        return warn(
          `Its panel “${definition.id}” is not updated: all its panels together may show images of ${MAX_PANEL_IMAGE_BYTES} bytes.`,
        );
      const checked = definition.elements.filter((element) => !isUnchecked(element)) as ShownElement[];
      const waits = checked.length < definition.elements.length;
      // What was shown stays until the images of what follows are checked.
      const panel = waits && known ? known.panel : { ...definition, ...aboutOf(id), elements: checked };
      panels.set(id, { definition, panel, size });
      changed.add(id);
      tellChanged();
    }

    const aboutOf = (id: string): Pick<Panel, 'id' | 'addonId' | 'addonName'> => ({ id, addonId, addonName: name });

    async function show(id: string): Promise<void> {
      const now = panels.get(id);
      if (now?.definition.elements.some(isUnchecked)) {
        const elements = await showImages(now.definition.elements);
        // Removed or replaced meanwhile: what has replaced it is shown in its turn.
        if (panels.get(id) !== now) return;
        now.panel = { ...now.definition, ...aboutOf(id), elements };
      }
      if (!now) return;
      told.add(id);
      onPanel(now.panel);
    }

    return {
      receive(message) {
        if (closed) return;
        if (message.type === 'panel') return put(message.panel);
        const id = `${addonId}.${message.id}`;
        if (!panels.delete(id)) return;
        changed.add(id);
        tellChanged();
      },
      close() {
        if (closed) return;
        closed = true;
        for (const [id] of own()) panels.delete(id);
        changed.clear();
        for (const id of told) onRemoved(id);
        told.clear();
      },
    };
  }

  return { list: () => [...panels.values()].map(({ panel }) => panel), attach };
}
