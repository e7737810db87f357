// The upper limit for scrapes: the same bytes every time, directly from node:http. Takes the number of bytes; prints
// its port.
import { createServer } from 'node:http';

const body = Buffer.alloc(Number(process.argv[2]), 'x');
const server = createServer((_request, response) =>
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length }).end(body),
);
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
process.on('disconnect', () => process.exit());
