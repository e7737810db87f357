import type { AddonToHost } from '../../shared/addon-protocol';
import {
  MAX_PANEL_IMAGE_BYTES,
  MAX_PANEL_TEXT,
  MAX_PANELS,
  PANEL_INTERVAL,
  type PanelDefinition,
  panelDefinitionSchema,
  panelSize,
} from '../../shared/panels';
import { throttle } from '../../shared/throttle';
import type { AddonContext, PanelDeclaration, ShownPanel } from './context';

export interface PanelsOptions {
  readonly send: (message: AddonToHost) => void;
  /** Registers a release for when the add-on is disabled. @throws Error when it is being disabled */
  readonly onDispose: (release: () => void) => () => void;
}

/** Builds `ctx.panels`. The host enforces the limits; mistakes are reported here, to the author. */
export function createPanels({ send, onDispose }: PanelsOptions): AddonContext['panels'] {
  const sizes = new Map<string, ReturnType<typeof panelSize>>();

  /** @throws Error naming what is wrong with a panel */
  function checked(declaration: unknown): PanelDefinition {
    const parsed = panelDefinitionSchema.safeParse(declaration);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const id = (declaration as { id?: unknown } | null)?.id;
      throw new Error(
        `The panel ${typeof id === 'string' ? `“${id.slice(0, 60)}”` : 'without an id'} cannot be shown: ${issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : ''}${issue?.message ?? 'it does not fit'}.`,
      );
    }
    const { id } = parsed.data;
    const size = panelSize(parsed.data);
    const sum = (of: 'text' | 'bytes'): number =>
      [...sizes].reduce((before, [other, { [of]: more }]) => (other === id ? before : before + more), size[of]);
    const tooMuch =
      sum('text') > MAX_PANEL_TEXT
        ? `have ${MAX_PANEL_TEXT} characters of JSON`
        : sum('bytes') > MAX_PANEL_IMAGE_BYTES
          ? `show images of ${MAX_PANEL_IMAGE_BYTES} bytes`
          : null;
    if (tooMuch !== null)
      throw new Error(`The panel “${id}” cannot be shown: all panels of an add-on together ${tooMuch} at most.`);
    return parsed.data;
  }

  return {
    add(declaration: PanelDeclaration): ShownPanel {
      let panel = checked(declaration);
      const { id } = panel;
      if (sizes.has(id)) throw new Error(`There is a panel “${id}” already.`);
      if (sizes.size >= MAX_PANELS) throw new Error(`An add-on has ${MAX_PANELS} panels at most.`);
      const forget = onDispose(remove);
      const show = throttle(PANEL_INTERVAL, () => sizes.has(id) && send({ type: 'panel', panel }));

      function put(next: PanelDefinition): void {
        panel = next;
        sizes.set(id, panelSize(next));
        show();
      }

      function remove(): void {
        forget();
        if (sizes.delete(id)) send({ type: 'panel-removed', id });
      }

      put(panel);
      return {
        update(elements, title) {
          if (sizes.has(id)) put(checked({ ...panel, elements, ...(title === undefined ? {} : { title }) }));
        },
        remove,
      };
    },
  };
}
