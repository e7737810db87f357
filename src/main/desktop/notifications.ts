import { Notification } from 'electron';

/** Some desktops never say that one is closed. */
const KEPT = 20;
/** Those on the screen: one that is collected as garbage would not hear of a click. */
const shown = new Set<Notification>();

/** Shows a notification of the desktop, where it has such a thing. @param onClick it was clicked on */
export function showNotification(text: { readonly title: string; readonly body: string }, onClick: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification(text);
  shown.add(notification);
  for (const oldest of shown) {
    if (shown.size <= KEPT) break;
    shown.delete(oldest);
  }
  notification.once('click', onClick);
  for (const end of ['click', 'close', 'failed'] as const)
    notification.once(end as 'close', () => void shown.delete(notification));
  notification.show();
}
