import { useApp, useAppState } from '../app-context';
import { shownJob } from '../app-store';
import { useRun } from '../commands';
import { MenuBar, type Menu } from '../controls/menu-bar';
import { isFinished } from '../model/job-table';
import iconUrl from '../icon.svg';
import { WorkspaceTabs } from './workspace-tabs';
import './top-bar.css';

/** Menus, and the name of what is open. */
export function TopBar() {
  const { actions, client } = useApp();
  const run = useRun();
  const host = useAppState((state) => state.model.host);
  const shown = useAppState(shownJob);
  const hasScene = host?.scene != null;
  const rendering = useAppState((state) => state.model.jobs.rendering.length > 0);
  const canCancel = (shown !== null && !isFinished(shown)) || rendering;
  const pauses = host !== null && host.queue.state !== 'running';
  const menus: Menu[] = [
    { label: 'File', items: [{ label: 'Open…', keys: 'Ctrl+O', run: () => run('open') }] },
    { label: 'Edit', items: [{ label: 'Preferences…', keys: 'Ctrl+,', run: () => run('preferences') }] },
    {
      label: 'Render',
      items: [
        { label: 'Render Image', keys: 'F12', disabled: !hasScene, run: () => run('render-image') },
        { label: 'Render Animation', keys: 'Ctrl+F12', disabled: !hasScene, run: () => run('render-animation') },
        { label: 'Cancel', keys: 'Esc', disabled: !canCancel, run: () => run('cancel') },
        null,
        { label: 'Pause Queue', disabled: host?.queue.state === 'paused', run: () => run('pause-queue') },
        { label: 'Resume Queue', disabled: !pauses, run: () => run('resume-queue') },
      ],
    },
    {
      label: 'View',
      items: [
        { label: 'Render', run: () => run('show-render') },
        { label: 'Statistics', run: () => run('show-statistics') },
      ],
    },
    {
      label: 'Help',
      items: [
        { label: 'Keyboard Shortcuts', run: () => actions.showDialog('shortcuts') },
        { label: 'About Framegauge', run: () => run('about') },
      ],
    },
  ];
  // On macOS the menus are where that system has them: at the top of the screen.
  const nativeMenu = client.shell === 'desktop' && host?.info.platform === 'darwin';
  return (
    <header className="top-bar" data-area="">
      <img className="top-bar-icon" src={iconUrl} alt="" width="18" height="18" />
      <h1 className="visually-hidden">Framegauge</h1>
      {!nativeMenu && <MenuBar label="Main menu" menus={menus} />}
      <WorkspaceTabs />
      <p className="top-bar-scene" title={host?.scene?.path}>
        {host?.scene?.path.split(/[/\\]/).at(-1)}
      </p>
    </header>
  );
}
