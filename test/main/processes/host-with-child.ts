import { spawn } from 'node:child_process';
import { endWithHost } from '../../../src/main/processes/end-with-host';

// A host in small: prints the number of a process that is to end with it, and waits to be killed.
const child = spawn('sleep', ['600'], { stdio: ['ignore', 'inherit', 'ignore'], detached: true });
endWithHost(child);
process.stdout.write(`${child.pid}\n`);
setInterval(() => undefined, 60_000);
