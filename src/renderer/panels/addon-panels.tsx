import { useState } from 'react';
import type { Panel } from '../../shared/panels';
import { t } from '../../shared/texts/translate';
import { useAppState } from '../app-context';
import { shownJob } from '../app-store';
import { Group } from '../controls/group';
import { PanelElements } from './panel-elements';
import './addon-panels.css';

const NONE: readonly Panel[] = [];

function usePanels(place: Panel['place']): readonly Panel[] {
  const all = useAppState((state) => state.model.host?.panels) ?? NONE;
  const job = useAppState((state) => shownJob(state)?.id);
  return all.filter((panel) => panel.place === place && (panel.job === undefined || panel.job === job));
}

/** What add-ons show in one place of the window; nothing where none does. */
export function AddonPanels({ place }: { place: Exclude<Panel['place'], 'status-bar'> }) {
  const panels = usePanels(place);
  if (panels.length === 0) return null;
  return (
    <div className={`addon-panels addon-panels-${place} scroll`}>
      {panels.map((panel) => (
        <AddonPanel key={panel.id} panel={panel} />
      ))}
    </div>
  );
}

function AddonPanel({ panel }: { panel: Panel }) {
  const [open, setOpen] = useState(true);
  return (
    <Group title={panel.title} fold={{ open, onToggle: () => setOpen(!open) }}>
      <p className="visually-hidden">{t('From the add-on {addonName}', { addonName: panel.addonName })}</p>
      <PanelElements panel={panel} />
    </Group>
  );
}

/** What add-ons show in the status bar, in one line. */
export function AddonStatusItems() {
  return usePanels('status-bar').map((panel) => (
    <span key={panel.id} className="status-item addon-status-item" title={`${panel.title}, ${panel.addonName}`}>
      <PanelElements panel={panel} inline />
    </span>
  ));
}
