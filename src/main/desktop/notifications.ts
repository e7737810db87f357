import { Notification } from 'electron';

/** Those on the screen: one that is collected as garbage would not hear of a click. */
const shown = new Set<Notification>();

/** Shows a notification of the desktop, where it has such a thing. @param onClick it was clicked on */
export function showNotification(text: { readonly title: string; readonly body: string }, onClick: () => void): void {
  if (!Notification.isSupported()) return;
  const notification = new Notification(text);
  shown.add(notification);
  notification.once('click', onClick);
  for (const end of ['click', 'close', 'failed'] as const) notification.once(end as 'close', () => void shown.delete(notification));
  notification.show();
}
