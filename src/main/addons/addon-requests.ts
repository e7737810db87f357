import type { AddonImage, AddonRequest, AppSnapshot, CollectedMetrics } from '../../shared/addon-protocol';
import type { AddonManifest } from '../../shared/addons';
import { type OperationName, type OperationReply, operations } from '../../shared/host-api';
import { oneAtATime } from '../../shared/one-at-a-time';
import { UserError } from '../../shared/user-error';

/** Maximum number of an add-on's calls that wait for the one being carried out. */
const MAX_WAITING = 100;

/** The host as seen by the requests of one add-on. */
export interface AddonRequestsOptions {
  readonly manifest: AddonManifest;
  snapshot(): AppSnapshot;
  collect(): Promise<CollectedMetrics>;
  /** Carries out an operation of shared/host-api. */
  call(operation: string, input: unknown): Promise<OperationReply>;
  /** The image of a written frame; null for none. @param size of a thumbnail, in pixels */
  image(jobId: number, frame: number, size?: number): Promise<AddonImage | null>;
}

/**
 * Answers the requests of one add-on within its permissions. Calls are carried out one after another, so that an add-on
 * takes no more of the host than one client; a snapshot is never delayed.
 *
 * @returns answers a request, with a promise except for a snapshot; throws or rejects with a UserError when it is refused
 * or fails
 */
export function createAddonRequests(options: AddonRequestsOptions): (request: AddonRequest) => unknown {
  const { manifest } = options;
  let waiting = 0;
  const queue = oneAtATime();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (waiting >= MAX_WAITING)
      throw new UserError(`The add-on “${manifest.name}” has ${waiting} calls under way: await them before the next.`);
    waiting++;
    return queue(work).finally(() => waiting--);
  }

  async function carryOut(operation: string, input: unknown): Promise<unknown> {
    const reply = await options.call(operation, input);
    if (reply.ok) return reply.value;
    throw new UserError(reply.error.message, reply.error.kind === 'internal' ? 'failed' : reply.error.kind);
  }

  return (request) => {
    switch (request.what) {
      case 'snapshot':
        // At once: it has to keep its position among the events.
        return options.snapshot();
      case 'metrics':
        return options.collect();
      case 'operation':
        checkOperation(manifest, request.operation, request.input);
        return inTurn(() => carryOut(request.operation, request.input));
      case 'image':
        checkAccess(manifest, 'read', 'images of jobs');
        return inTurn(() => options.image(request.jobId, request.frame, request.size));
    }
  };
}

/** @throws UserError naming the permission that is missing */
function checkAccess({ name, permissions }: AddonManifest, access: 'read' | 'control', what: string): void {
  if (permissions.jobs && (access === 'read' || permissions.jobs.access === 'control')) return;
  throw new UserError(
    `The add-on “${name}” may not use ${what}: its addon.json has to ask for the permission “jobs” with the access “${access}”.`,
  );
}

/** @throws UserError when the operation is not about jobs or the queue, or not permitted */
function checkOperation(manifest: AddonManifest, operation: string, input: unknown): void {
  if (!Object.hasOwn(operations, operation) || !/^(?:job|queue)\./.test(operation))
    throw new UserError(`Add-ons have no operation “${operation}”.`, 'arguments');
  checkAccess(manifest, operations[operation as OperationName].access, `“${operation}”`);
  if (allowsScripts(input))
    throw new UserError(
      'An add-on cannot allow the scripts inside of a scene to run (allowScripts): only a person can.',
    );
}

function allowsScripts(input: unknown): boolean {
  if (typeof input !== 'object' || input === null) return false;
  const { allowScripts, changes } = input as { allowScripts?: unknown; changes?: unknown };
  return Boolean(allowScripts) || allowsScripts(changes);
}
