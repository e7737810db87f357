declare function importScripts(url: string): void;

// A failed start must reach the page, which would wait for ever otherwise.
self.addEventListener('unhandledrejection', ({ reason }) => reportError(reason));

/**
 * Runs the script whose blob URL is this worker's name: three.js's decoder of Basis textures. Its bindings compile
 * functions from strings, which the page's policy forbids; a worker with a URL of its own has a policy of its own.
 */
importScripts(self.name);
