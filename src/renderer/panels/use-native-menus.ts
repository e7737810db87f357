import { useEffect, useRef } from 'react';
import type { NativeMenus } from '../../shared/native-menus';
import { useApp } from '../app-context';
import { hasDialog, takesText } from '../commands';
import type { WindowMenu } from './use-command-menus';

/** The menus as the system is told them. */
export function nativeMenus(menus: readonly WindowMenu[]): NativeMenus {
  return menus.map(({ id, label, items }) => ({
    id,
    label,
    items: items.map((item) =>
      item === null || 'heading' in item
        ? item
        : {
            id: item.id ?? item.label,
            label: item.label,
            enabled: item.disabled !== true,
            ...(item.keys === undefined ? {} : { keys: item.keys }),
            ...(item.checked === undefined ? {} : { checked: item.checked }),
          },
    ),
  }));
}

/** Has the system draw the menus of the window, and runs what is chosen there. @param native whether it draws them */
export function useNativeMenus(menus: readonly WindowMenu[], native: boolean): void {
  const { client, store } = useApp();
  const told = native ? JSON.stringify(nativeMenus(menus)) : null;
  const latest = useRef(menus);
  useEffect(() => {
    latest.current = menus;
  });
  useEffect(() => {
    if (told !== null) void client.showMenus?.(JSON.parse(told) as NativeMenus);
  }, [client, told]);
  useEffect(
    () =>
      client.onMenu((id) => {
        // The system’s menu has the key before a text has it.
        if (id === 'undo' && takesText(document.activeElement)) {
          document.execCommand('undo');
          return;
        }
        if (hasDialog(store.getState()) && id !== 'quit') return;
        const items = latest.current.flatMap((menu) => menu.items);
        const chosen = items.find((item) => item !== null && 'run' in item && (item.id ?? item.label) === id);
        if (chosen && 'run' in chosen && !chosen.disabled) chosen.run();
      }),
    [client, store],
  );
}
