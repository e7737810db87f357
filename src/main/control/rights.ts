import { type OperationName, type Right, operations } from '../../shared/host-api';

/** Sent to a client whose right is insufficient. */
export const NEEDS_CONTROL = 'This token may only look: use the control token to change things.';

/** Whether a right is sufficient where another is required. */
export function suffices(right: Right, needed: Right): boolean {
  return right === 'control' || needed === 'read';
}

/** Whether a right is sufficient for an operation. Unknown operations are let through; the answer reports them. */
export function mayCall(right: Right, operation: string): boolean {
  return !Object.hasOwn(operations, operation) || suffices(right, operations[operation as OperationName].access);
}
