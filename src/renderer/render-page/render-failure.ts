/** A frame that cannot be rendered, with a sentence for the person. */
export class RenderFailure extends Error {
  override readonly name = 'RenderFailure';
  constructor(
    message: string,
    /** Trying again cannot help: the scene is broken, the camera is missing. */
    readonly final: boolean,
  ) {
    super(message);
  }
}

/** What an unknown thrown value says, without a full stop at its end. */
export function textOf(error: unknown): string {
  const text =
    error instanceof Error
      ? error.message
      : typeof error === 'object' && error !== null && 'error' in error
        ? String(error.error)
        : String(error);
  return text.replace(/^THREE\.\w+: /, '').replace(/\.$/, '');
}
