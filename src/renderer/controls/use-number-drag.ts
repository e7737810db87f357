import { useEffect, useRef, type MouseEvent, type PointerEvent } from 'react';
import { DRAG_THRESHOLD, draggedBy } from '../model/dragged-number';

interface Options {
  value: string;
  /** What so many steps make of a text; without it the number cannot be dragged. */
  step: ((text: string, by: number) => string | null) | undefined;
  /** Whether the number may have decimals. */
  decimals: boolean;
  onChange: (text: string) => void;
  /** The pointer was let go. */
  onEnd: (text: string) => void;
}

interface Drag {
  readonly input: HTMLInputElement;
  readonly pointer: number;
  readonly x: number;
  readonly text: string;
  last: string;
  moved: boolean;
}

/**
 * Lets a number be dragged left and right as in Blender: Shift is finer, Ctrl keeps to tens, Esc brings back what was
 * there. A press without moving goes into the field, and one that has the focus is an ordinary text.
 *
 * @returns properties of the input
 */
export function useNumberDrag({ value, step, decimals, onChange, onEnd }: Options) {
  const drag = useRef<Drag | null>(null);
  const revert = useRef<(event: KeyboardEvent) => void>(() => {});
  useEffect(() => () => window.removeEventListener('keydown', revert.current, true), []);
  if (!step) return {};

  const end = (): void => {
    drag.current = null;
    window.removeEventListener('keydown', revert.current, true);
  };
  return {
    'data-draggable': '',
    onPointerDown(event: PointerEvent<HTMLInputElement>): void {
      const input = event.currentTarget;
      // A finger scrolls.
      if (event.button !== 0 || event.pointerType === 'touch' || input.disabled || document.activeElement === input)
        return;
      drag.current = { input, pointer: event.pointerId, x: event.clientX, text: value, last: value, moved: false };
      revert.current = (pressed) => {
        if (pressed.key !== 'Escape' || !drag.current?.moved) return;
        pressed.preventDefault();
        pressed.stopPropagation();
        onChange(drag.current.text);
        end();
      };
      window.addEventListener('keydown', revert.current, true);
    },
    onMouseDown(event: MouseEvent): void {
      // Focus would make it a text at once.
      if (drag.current) event.preventDefault();
    },
    onPointerMove(event: PointerEvent): void {
      const held = drag.current;
      if (!held) return;
      // The button was let go of outside, where it is not told.
      if ((event.buttons & 1) === 0) return end();
      const pixels = event.clientX - held.x;
      if (!held.moved) {
        if (Math.abs(pixels) < DRAG_THRESHOLD) return;
        held.moved = true;
        held.input.setPointerCapture(held.pointer);
      }
      const keys = { fine: event.shiftKey, snap: event.ctrlKey || event.metaKey };
      const by = draggedBy(held.text, pixels, keys, decimals);
      const next = by === null ? null : by === 0 ? held.text : step(held.text, by);
      if (next === null || next === held.last) return;
      held.last = next;
      onChange(next);
    },
    onPointerUp(): void {
      const held = drag.current;
      if (!held) return;
      end();
      if (held.moved) onEnd(held.last);
      else {
        held.input.focus();
        held.input.select();
      }
    },
    onPointerCancel(): void {
      const held = drag.current;
      if (!held) return;
      end();
      if (held.moved) onChange(held.text);
    },
  };
}
