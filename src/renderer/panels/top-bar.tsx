import { inWrittenOrder } from '../../shared/texts/direction';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { CutText } from '../controls/cut-text';
import { MenuBar } from '../controls/menu-bar';
import iconUrl from '../icon.svg';
import { nameOf } from '../model/host-path';
import { operatorMenu } from './operator-menu';
import { useCommandMenus, type WindowMenu } from './use-command-menus';
import { useNativeMenus } from './use-native-menus';
import { useRecentItems } from './use-recent-items';
import { WorkspaceTabs } from './workspace-tabs';
import './top-bar.css';

/** Menus, and the name of what is open. */
export function TopBar() {
  const app = useApp();
  const { client } = app;
  const host = useAppState((state) => state.model.host);
  const operators = host?.operators ?? [];
  const windowItems = operatorMenu(operators, 'window', app);
  const recent = useRecentItems();
  const own = useCommandMenus();
  const menus: WindowMenu[] = own.map((menu) =>
    menu.id === 'File' && recent.length > 0
      ? { ...menu, items: [menu.items[0]!, ...recent, ...menu.items.slice(1)] }
      : menu.id === 'Render'
        ? { ...menu, items: [...menu.items, ...operatorMenu(operators, 'render', app)] }
        : menu,
  );
  if (windowItems.length > 0) menus.splice(-1, 0, { id: 'Window', label: t('Window'), items: windowItems });
  // On macOS the menus are where that system has them: at the top of the screen.
  const nativeMenu = client.shell === 'desktop' && host?.info.platform === 'darwin';
  useNativeMenus(menus, nativeMenu);
  return (
    <header className="top-bar" data-area="">
      <img className="top-bar-icon" src={iconUrl} alt="" width="18" height="18" />
      <h1 className="visually-hidden">Framegauge</h1>
      {!nativeMenu && <MenuBar label={t('Main menu')} menus={menus} />}
      <WorkspaceTabs />
      <p className="top-bar-scene" title={host?.scene ? inWrittenOrder(host.scene.path) : undefined}>
        {host?.scene && <CutText text={nameOf(host.scene.path)} />}
      </p>
    </header>
  );
}
