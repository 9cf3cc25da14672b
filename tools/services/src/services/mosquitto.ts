import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeCertificates, OPENSSL } from '../certificates.ts';
import { defineService, HOST } from '../definition.ts';
import { isListening } from '../ports.ts';
import { findProgram, installPrograms, isRoot, type Program, requireProgram } from '../programs.ts';
import { runCommand } from '../run-command.ts';
import { versions } from '../versions.ts';

const SERVER: Program = { name: 'mosquitto', apt: 'mosquitto', brew: 'mosquitto' };
const PASSWORD_TOOL: Program = { name: 'mosquitto_passwd', apt: 'mosquitto', brew: 'mosquitto' };

export const mosquitto = defineService({
  description: 'Mosquitto, MQTT 3.1.1 and 5, password and TLS',
  version: versions.mosquitto,
  options: { user: 'user', password: 'secret', auth: 'password' },
  settings: 'the line "KEY VALUE" of mosquitto.conf',
  address: 'MQTT_URL',
  ports: () => [0, 1],
  installation: () => findProgram(SERVER),
  install: () => installPrograms(SERVER, PASSWORD_TOOL, OPENSSL),
  prepare: async ({ directory, port, options: { user, password, auth }, settings }) => {
    const tls = join(directory, 'tls');
    const passwords = join(directory, 'passwords');
    const configuration = join(directory, 'mosquitto.conf');
    await mkdir(join(directory, 'data'));
    await makeCertificates(tls);
    await writeFile(passwords, '', { mode: 0o600 });
    await runCommand(requireProgram(PASSWORD_TOOL), ['-b', passwords, user, password]);
    const general = new Map<string, string>([
      // The server would give up root, and then its files.
      ...(isRoot() ? [['user', 'root'] as const] : []),
      ['log_dest', 'stderr'],
      ['persistence', 'true'],
      ['persistence_location', `${join(directory, 'data')}/`],
      ['autosave_interval', '1'],
      ['max_queued_messages', '100000'],
      ['allow_anonymous', String(auth === 'none')],
      ['password_file', passwords],
      // The stock limit of 20 acknowledges and then drops what a 3.1.1 client has in flight beyond it with QoS 2.
      ['max_inflight_messages', '0'],
      ...settings,
    ]);
    const certificates = [
      ['cafile', 'ca.pem'],
      ['certfile', 'server.pem'],
      ['keyfile', 'server.key'],
    ] as const;
    const lines = [
      ...[...general].map(([key, value]) => `${key} ${value}`),
      `listener ${port} ${HOST}`,
      `listener ${port + 1} ${HOST}`,
      ...certificates.map(([key, file]) => `${key} ${join(tls, file)}`),
    ];
    await writeFile(configuration, `${lines.join('\n')}\n`);
    return [{ name: 'mosquitto', command: [requireProgram(SERVER), '-c', configuration] }];
  },
  ready: async ({ port }) => (await isListening(port)) && (await isListening(port + 1)),
  env: ({ port, directory, options: { user, password } }) => ({
    MQTT_URL: `mqtt://${HOST}:${port}`,
    MQTTS_URL: `mqtts://${HOST}:${port + 1}`,
    MQTT_CA: join(directory, 'tls', 'ca.pem'),
    MQTT_USERNAME: user,
    MQTT_PASSWORD: password,
  }),
});
