import type { HostClient } from './host-client';

/**
 * Whether this page may show notifications: `unavailable` where the browser offers none, as on addresses that are
 * neither https nor this machine.
 */
export type NotificationRight = 'unavailable' | 'granted' | 'denied' | 'default';

/** In the desktop shell the host itself shows them. */
export function notificationRight(shell: HostClient['shell']): NotificationRight {
  if (shell === 'desktop' || !('Notification' in window) || !window.isSecureContext) return 'unavailable';
  return Notification.permission;
}

/** Asks the person, once. */
export async function askForNotifications(shell: HostClient['shell']): Promise<NotificationRight> {
  const right = notificationRight(shell);
  return right === 'default' ? Notification.requestPermission() : right;
}

/** Shows a notification, unless the window has the focus. */
export function notify(shell: HostClient['shell'], title: string, body: string): void {
  if (notificationRight(shell) !== 'granted' || (document.visibilityState === 'visible' && document.hasFocus())) return;
  const notification = new Notification(title, { body, tag: 'framegauge' });
  notification.addEventListener('click', () => {
    window.focus();
    notification.close();
  });
}
