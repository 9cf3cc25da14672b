import { parentPort, workerData } from 'node:worker_threads';
import { type HostSettings, startHostServer } from './start-host-server.ts';

if (parentPort !== null) startHostServer(parentPort, workerData as HostSettings);
