import type { KeyboardEvent } from 'react';
import { msg, t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { shownWorkspace, workspacesOf, type Workspace } from '../app-store';
import './workspace-tabs.css';

const LABELS: Record<Workspace, string> = {
  render: msg('Render'),
  statistics: msg('Statistics'),
  machines: msg('Machines'),
};

/** The tab of a workspace, by whose name its panel goes. */
export const workspaceTabId = (workspace: Workspace): string => `workspace-${workspace}`;
/** The element that holds the workspace shown. */
export const WORKSPACE_PANEL_ID = 'workspace-panel';

/** Blender's workspace tabs, by the rules of the ARIA tabs pattern: one tab stop, arrow keys choose. */
export function WorkspaceTabs() {
  const { actions } = useApp();
  const shown = useAppState(shownWorkspace);
  const workspaces = useAppState(workspacesOf);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const at = workspaces.indexOf(shown);
    const to =
      event.key === 'ArrowRight'
        ? at + 1
        : event.key === 'ArrowLeft'
          ? at - 1
          : event.key === 'Home'
            ? 0
            : event.key === 'End'
              ? -1
              : null;
    if (to === null) return;
    event.preventDefault();
    const next = workspaces.at(to % workspaces.length)!;
    actions.showWorkspace(next);
    document.getElementById(workspaceTabId(next))?.focus();
  };
  return (
    <div className="workspace-tabs" role="tablist" aria-label={t('Workspaces')} onKeyDown={onKeyDown}>
      {workspaces.map((workspace) => (
        <button
          type="button"
          key={workspace}
          id={workspaceTabId(workspace)}
          role="tab"
          className="workspace-tab"
          aria-selected={workspace === shown}
          aria-controls={WORKSPACE_PANEL_ID}
          tabIndex={workspace === shown ? 0 : -1}
          onClick={() => actions.showWorkspace(workspace)}
        >
          {t(LABELS[workspace])}
        </button>
      ))}
    </div>
  );
}
