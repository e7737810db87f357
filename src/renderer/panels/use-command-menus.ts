import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { commandState, MENU_NAMES, type MenuName } from '../command-list';
import { offeredCommands, runCommand } from '../commands';
import type { Menu } from '../controls/menu-bar';
import type { MenuItem } from '../controls/menu-list';

/** The menus of the window, made from the list of commands as they stand now. */
export function useCommandMenus(): readonly (Menu & { readonly id: MenuName })[] {
  const app = useApp();
  const commands = useMemo(() => offeredCommands(app).filter(({ group }) => group !== null), [app]);
  const states = useAppState(useShallow((state) => commands.map((command) => commandState(command, state))));
  return useMemo(
    () =>
      MENU_NAMES.map((label) => {
        const items: (MenuItem | null)[] = [];
        let group: number | null = null;
        for (const [index, command] of commands.entries()) {
          const state = states[index]!;
          if (command.menu !== label || state === 'absent') continue;
          if (items.length > 0 && command.group !== group) items.push(null);
          group = command.group;
          items.push({
            label: t(command.label),
            ...(command.keys === undefined ? {} : { keys: command.keys }),
            ...(command.changes ? { changes: true } : {}),
            ...(command.on ? { checked: state === 'on' } : {}),
            disabled: state === 'dim',
            run: () => runCommand(app, command.command),
          });
        }
        return { id: label, label: t(label), items };
      }),
    [app, commands, states],
  );
}
