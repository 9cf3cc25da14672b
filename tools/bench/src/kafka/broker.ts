import { once } from 'node:events';
import { startBroker } from '@millrace/broker';

/** The embedded broker in a process of its own: prints its address, and ends when its standard input does. */
const broker = await startBroker();
console.log(broker.bootstrap);
process.stdin.resume();
await once(process.stdin, 'close');
await broker.close();
