import { useMemo } from 'react';
import { useShallow } from 'zustand/react/shallow';
import { t } from '../../shared/texts/translate';
import { useApp, useAppState } from '../app-context';
import { commandState, MENU_NAMES, type Command, type MenuCommand, type MenuName } from '../command-list';
import { offeredCommands, runCommand } from '../commands';
import type { Menu } from '../controls/menu-bar';
import type { MenuItem } from '../controls/menu-list';

/** A menu of the window, by its English name. */
export interface WindowMenu extends Menu {
  readonly id: MenuName | 'Window';
}

/** The menus of commands as they stand. @param states of each of the commands */
export function menusOf(
  commands: readonly Command[],
  states: readonly ReturnType<typeof commandState>[],
  run: (command: MenuCommand) => void,
): WindowMenu[] {
  return MENU_NAMES.map((label) => {
    const items: (MenuItem | null)[] = [];
    let group: number | null = null;
    for (const [index, command] of commands.entries()) {
      const state = states[index]!;
      if (command.menu !== label || command.group === null || state === 'absent') continue;
      if (items.length > 0 && command.group !== group) items.push(null);
      group = command.group;
      items.push({
        id: command.command,
        label: t(command.label),
        ...(command.keys === undefined ? {} : { keys: command.keys }),
        ...(command.changes ? { changes: true } : {}),
        ...(command.on ? { checked: state === 'on' } : {}),
        disabled: state === 'dim',
        run: () => run(command.command),
      });
    }
    return { id: label, label: t(label), items };
  });
}

/** The menus of the window, made from the list of commands as they stand now. */
export function useCommandMenus(): readonly WindowMenu[] {
  const app = useApp();
  const commands = useMemo(() => offeredCommands(app), [app]);
  const states = useAppState(useShallow((state) => commands.map((command) => commandState(command, state))));
  return useMemo(() => menusOf(commands, states, (command) => runCommand(app, command)), [app, commands, states]);
}
