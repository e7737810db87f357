// @ts-check

/**
 * Ends this process when npm is ended. npm runs a script in a shell that doesn't forward signals: the shell dies and
 * the script would be left behind. It notices that its parent process has changed.
 *
 * @param {string} script its name in package.json
 */
export function endWithNpm(script) {
  if (process.platform === 'win32' || process.env.npm_lifecycle_event !== script) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGTERM');
  }, 500);
  timer.unref();
}
