// The limit that scrapes are measured against: the same bytes, again and again, from node:http with nothing in between. Started with the number of bytes; prints its port.
import { createServer } from 'node:http';

const body = Buffer.alloc(Number(process.argv[2]), 'x');
const server = createServer((_request, response) =>
  response.writeHead(200, { 'content-type': 'text/plain', 'content-length': body.length }).end(body),
);
server.listen(0, '127.0.0.1', () => process.send?.(server.address().port));
process.on('disconnect', () => process.exit());
