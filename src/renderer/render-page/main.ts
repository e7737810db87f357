import { createGraphics } from './graphics';
import { connectToHost } from './host-connection';
import { createStage } from './stage';

/**
 * The page that a gltf worker is. The host opens it with the worker's token in the address' fragment (which no server ever sees); it connects
 * back, renders what it is told, and closes itself with the connection.
 */
const connection = connectToHost(decodeURIComponent(location.hash.slice(1)), () => createStage(createGraphics(() => connection.leave())));
