import type { LifecycleEventName } from './context';

/**
 * Drops handlers before an event is handled. As with `bpy.app.handlers.persistent` in Blender, those that are not
 * persistent go when another scene is loaded: after load_pre ran, and before load_post does. A scene that can't be read
 * (load_post_fail) drops none.
 *
 * @returns those that are left; the same list where the event drops none
 */
export function dropHandlersOnLoad<T extends { readonly persistent: boolean }>(
  event: LifecycleEventName,
  handlers: readonly T[],
): readonly T[] {
  return event === 'load_post' ? handlers.filter(({ persistent }) => persistent) : handlers;
}
