import type { ServerOptions } from 'node:https';
import { ConfigError } from '@millrace/api';
import { readTlsSettings } from '@millrace/kafka';

/**
 * The certificates of a server: keys with the prefix if there are any, else the plain `ssl.*`. Stores are PEM, PKCS12 or JKS.
 *
 * @throws ConfigError that names every problem.
 */
export function readServerTls(properties: Readonly<Record<string, string>>, prefix: string): ServerOptions {
  const prefixed = Object.entries(properties)
    .filter(([key]) => key.startsWith(prefix))
    .map(([key, value]) => [key.slice(prefix.length), value] as const);
  const plain = Object.entries(properties).filter(([key]) => key.startsWith('ssl.'));
  const settings = Object.fromEntries(prefixed.length > 0 ? prefixed : plain);
  const clientAuth = settings['ssl.client.auth']?.trim().toLowerCase() ?? 'none';
  const where = prefixed.length > 0 ? `${prefix}ssl` : 'ssl';
  if (!['none', 'requested', 'required'].includes(clientAuth)) {
    throw new ConfigError(`${where}.client.auth is ${clientAuth}; it must be none, requested or required.`);
  }
  const { checkServerIdentity: _, ...tls } = read(settings, where);
  if (tls.cert === undefined) {
    throw new ConfigError(`An https listener needs a certificate: set ${where}.keystore.location.`);
  }
  return { ...tls, requestCert: clientAuth !== 'none', rejectUnauthorized: clientAuth === 'required' } as ServerOptions;
}

function read(settings: Readonly<Record<string, string>>, where: string): ReturnType<typeof readTlsSettings> {
  try {
    return readTlsSettings(settings);
  } catch (cause) {
    throw new ConfigError(`${where}.* of the REST server cannot be used: ${(cause as Error).message}`, { cause });
  }
}
