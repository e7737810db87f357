import { url } from 'node:inspector';
import { refuseDebugger } from '../../../src/main/processes/refuse-debugger';

refuseDebugger();
refuseDebugger();
process.stdin.on('data', () => {
  console.log(`${url() ?? 'closed'} ${process.listenerCount('SIGUSR1')}`);
  process.exit();
});
console.log('ready');
