import { useEffect, useMemo } from 'react';
import { useApp, useAppState } from '../app-context';
import type { Message } from '../app-store';
import { Button } from '../controls/button';
import { Icon, type IconName } from '../controls/icon';
import './messages.css';

const ICONS: Record<Message['level'], IconName> = {
  info: 'info',
  success: 'check',
  warning: 'warning',
  error: 'error',
};
/** Good news goes by itself; what needs an answer stays until dismissed. */
const GOOD_NEWS_MS = 10_000;

/** What the person should know: our own messages and the host's notices, over the image. */
export function Messages() {
  const { actions } = useApp();
  const messages = useAppState((state) => state.messages);
  const notices = useAppState((state) => state.model.host?.notices);
  const dismissed = useAppState((state) => state.dismissedNotices);
  const busy = useAppState((state) => state.busy);
  const all = useMemo(() => {
    const told = (notices ?? [])
      .filter((notice) => !dismissed.has(notice.id))
      .map((notice): Message => ({
        id: `notice-${notice.id}`,
        level: notice.level,
        text: notice.text,
        topic: null,
        action: null,
      }));
    return [...told, ...messages];
  }, [messages, notices, dismissed]);
  return (
    <div className="messages scroll" role="region" aria-label="Messages">
      {all.length > 1 && (
        <Button
          kind="bare"
          className="messages-clear"
          onClick={() => all.forEach((message) => actions.dismiss(message.id))}
        >
          Dismiss all {all.length}
        </Button>
      )}
      {all.toReversed().map((message) => (
        <MessageCard key={message.id} message={message} />
      ))}
      {busy !== null && (
        <p className="message message-info" role="status">
          <Icon name="clock" />
          <span className="message-text">{busy}…</span>
        </p>
      )}
    </div>
  );
}

function MessageCard({ message }: { message: Message }) {
  const { actions } = useApp();
  const passing = message.level === 'success';
  useEffect(() => {
    if (!passing) return undefined;
    const timer = setTimeout(() => actions.dismiss(message.id), GOOD_NEWS_MS);
    return () => clearTimeout(timer);
  }, [passing, message.id, actions]);
  return (
    <div className={`message message-${message.level}`} role={message.level === 'error' ? 'alert' : 'status'}>
      <Icon name={ICONS[message.level]} />
      <p className="message-text selectable">{message.text}</p>
      {message.action && (
        <Button
          className="message-action"
          onClick={() => {
            actions.dismiss(message.id);
            message.action!.run();
          }}
        >
          {message.action.label}
        </Button>
      )}
      <Button kind="bare" icon="cross" aria-label="Dismiss" onClick={() => actions.dismiss(message.id)} />
    </div>
  );
}
