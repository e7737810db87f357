import { Notification } from 'electron';

/** Maximum number kept: some desktops never report that one was closed. */
const KEPT = 20;
/** References to visible notifications: a garbage-collected one would miss its click. */
const shown = new Set<Notification>();

/** Shows a desktop notification, where supported. @param onClick the notification was clicked */
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
