import { once } from 'node:events';
import { type Broker, BrokerError, startBroker } from '@millrace/broker';
import { type Command, exitCodes, exitCodesHelp, StartError } from '../command.ts';
import { parseBrokerArguments } from './broker-arguments.ts';

const help = `Usage: millrace broker --data DIR [OPTION]…

A single-node Kafka broker for development and tests. It is not for production.

  --data DIR                 directory that keeps everything (made when it is not there)
  --port N                   port to listen on (default: 9092; 0: any free one)
  --host H                   address to listen on (default: 127.0.0.1, this machine only)
  --advertised-host H        name that clients are told to connect to (default: as --host)
  --partitions N             partitions of a topic that does not say how many (default: 1)
  --no-auto-create           do not make a topic when a client first asks for it
  --sasl-plain USER:PASSWORD clients log in with SASL/PLAIN; may be given several times
  --fsync                    answer only when records are on the disk

Examples:
  millrace broker --data ./data
  millrace broker --data /tmp/kafka --port 0 --partitions 3

${exitCodesHelp}`;

export const brokerCommand: Command = {
  name: 'broker',
  summary: 'run a single-node Kafka broker for development and tests',
  help,
  async run(args, { out, err, signal }) {
    const options = parseBrokerArguments(args);
    let broker: Broker;
    try {
      broker = await startBroker({ ...options, log: err });
    } catch (error) {
      throw error instanceof BrokerError ? new StartError(error.message, { cause: error }) : error;
    }
    out(`Millrace embedded broker, for development and tests only: one node, no replication. Data in ${broker.data}.`);
    out(`bootstrap.servers=${broker.bootstrap}`);
    if (!signal.aborted) await once(signal, 'abort');
    await broker.close();
    return exitCodes.done;
  },
};
