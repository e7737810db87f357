import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import type { MenuItems } from '../controls/menu-list';
import { nameOf } from '../model/host-path';

/** As many as do not make the menu long. */
const SHOWN = 8;

/** The entries of the scenes that were opened last; those whose file is gone are marked. */
export function useRecentItems(): MenuItems {
  const { actions } = useApp();
  const recent = useAppState((state) => state.recentScenes);
  if (recent.length === 0) return [];
  return [
    { heading: t('Open Recent') },
    ...recent.slice(0, SHOWN).map(({ path, missing }) => ({
      id: `scene:${path}`,
      label: missing ? t('{name} (missing)', { name: nameOf(path) }) : nameOf(path),
      title: path,
      changes: true,
      disabled: missing,
      run: () => void actions.openRecent(path),
    })),
  ];
}
