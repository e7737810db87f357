/**
 * Keeps SIGUSR1 from opening Node's inspector in this process: without a sandbox any process of the same user may send it,
 * and through the inspector run code here. A listener takes the place of Node's own, in every version; the flag
 * --disable-sigusr1 would have to be given by whoever starts Node. May be called again.
 */
export function refuseDebugger(): void {
  // Windows has no such signal.
  if (process.platform !== 'win32' && !process.listeners('SIGUSR1').includes(ignore)) process.on('SIGUSR1', ignore);
}

const ignore = (): void => undefined;
