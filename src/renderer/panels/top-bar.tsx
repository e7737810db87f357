import { useApp, useAppState } from '../app-context';
import { useRun } from '../commands';
import { MenuBar, type Menu } from '../controls/menu-bar';
import iconUrl from '../icon.svg';
import { nameOf } from '../model/host-path';
import { operatorMenu } from './operator-menu';
import { WorkspaceTabs } from './workspace-tabs';
import './top-bar.css';

/** Menus, and the name of what is open. */
export function TopBar() {
  const app = useApp();
  const { actions, client } = app;
  const run = useRun();
  const host = useAppState((state) => state.model.host);
  const hasScene = host?.scene != null;
  const rendering = useAppState((state) => state.model.jobs.rendering.length > 0);
  const finished = useAppState((state) => state.model.jobs.finished.length > 0);
  const undoes = useAppState((state) => state.messages.some(({ action }) => action?.label === 'Undo'));
  const pauses = host !== null && host.queue.state !== 'running';
  const windowItems = operatorMenu(host?.operators ?? [], 'window', app);
  const menus: Menu[] = [
    {
      label: 'File',
      items: [
        { label: 'Open…', changes: true, keys: 'Ctrl+O', run: () => run('open') },
        ...(client.quit === null ? [] : [null, { label: 'Quit', keys: 'Ctrl+Q', run: () => run('quit') }]),
      ],
    },
    {
      label: 'Edit',
      items: [
        { label: 'Undo', keys: 'Ctrl+Z', changes: true, disabled: !undoes, run: () => run('undo') },
        null,
        { label: 'Search…', keys: 'F3', run: () => run('search') },
        { label: 'Search Queue…', keys: 'Ctrl+F', run: () => run('search-jobs') },
        null,
        { label: 'Preferences…', keys: 'Ctrl+,', run: () => run('preferences') },
      ],
    },
    {
      label: 'Render',
      items: [
        { label: 'Render Image', changes: true, keys: 'F12', disabled: !hasScene, run: () => run('render-image') },
        {
          label: 'Render Animation',
          changes: true,
          keys: 'Ctrl+F12',
          disabled: !hasScene,
          run: () => run('render-animation'),
        },
        { label: 'Cancel', changes: true, keys: 'Esc', disabled: !rendering, run: () => run('cancel') },
        null,
        {
          label: 'Pause Queue',
          changes: true,
          disabled: host?.queue.state === 'paused',
          run: () => run('pause-queue'),
        },
        { label: 'Resume Queue', changes: true, disabled: !pauses, run: () => run('resume-queue') },
        { label: 'Clear Finished…', changes: true, disabled: !finished, run: () => run('clear-finished') },
        ...operatorMenu(host?.operators ?? [], 'render', app),
      ],
    },
    {
      label: 'View',
      items: [
        { label: 'Render', run: () => run('show-render') },
        { label: 'Statistics', run: () => run('show-statistics') },
        null,
        { label: 'Go to What Is Rendering', keys: 'Ctrl+G', disabled: !rendering, run: () => run('go-to-rendering') },
      ],
    },
    ...(windowItems.length > 0 ? [{ label: 'Window', items: windowItems }] : []),
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
        {host?.scene && nameOf(host.scene.path)}
      </p>
    </header>
  );
}
