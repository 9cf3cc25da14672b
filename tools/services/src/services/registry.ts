import { readdirSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defineService, HOST } from '../definition.ts';
import { ServiceError, usageError } from '../errors.ts';
import { installedFolder, installOnce } from '../install.ts';
import { mavenArtifact, requireJava, requireJavaTools, smallJvm } from '../java.ts';
import { runCommand } from '../run-command.ts';
import { versions } from '../versions.ts';

const FOLDER = `apicurio-${versions.apicurio}`;

export const registry = defineService({
  description: "Apicurio Registry with Confluent's API, in memory",
  version: versions.apicurio,
  options: { heap: '384m', auth: 'none', user: 'user', password: 'secret', compatibility: 'BACKWARD' },
  settings: 'a system property -DKEY=VALUE',
  address: 'SCHEMA_REGISTRY_URL',
  ports: () => [0, 1],
  installation: () => installedFolder(FOLDER),
  install: async () => {
    await requireJava();
    await installOnce(FOLDER, requireJavaTools, async (directory) => {
      await mavenArtifact(`io.apicurio:apicurio-registry-app:${versions.apicurio}:tar.gz:all`, directory);
      const archive = (await readdir(directory)).find((name) => name.endsWith('.tar.gz')) ?? '';
      await runCommand('tar', ['-xzf', archive], { cwd: directory });
      await rm(join(directory, archive));
    });
  },
  prepare: async ({ port, options: { heap, auth, user, password }, settings }) => {
    if (auth !== 'none' && auth !== 'basic') throw usageError(`registry: auth is none or basic, not ${auth}`);
    const properties = {
      'quarkus.http.host': HOST,
      'quarkus.http.port': String(port),
      'quarkus.management.host': HOST,
      'quarkus.management.port': String(port + 1),
      'apicurio.rest.deletion.group.enabled': 'true',
      'apicurio.rest.deletion.artifact.enabled': 'true',
      'apicurio.rest.deletion.artifact-version.enabled': 'true',
      ...(auth === 'basic' ? basicAuthentication(user, password) : {}),
    };
    const definitions = [...Object.entries(properties), ...settings].map(([key, value]) => `-D${key}=${value}`);
    return [
      { name: 'registry', command: [await requireJava(), ...smallJvm(heap), ...definitions, '-jar', runnerJar()] },
    ];
  },
  /** Also sets the global level, whose own default is NONE and which a restart forgets. */
  ready: async ({ port, options: { user, password, compatibility } }) => {
    const headers = {
      'Content-Type': 'application/json',
      Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
    };
    const isOk = async (path: string, init: RequestInit) => {
      const response = await fetch(url(port) + path, { ...init, headers, signal: AbortSignal.timeout(5_000) });
      await response.arrayBuffer();
      return response.status === 200;
    };
    return (
      (await isOk('/subjects', {})) &&
      (await isOk('/config', { method: 'PUT', body: JSON.stringify({ compatibility }) }))
    );
  },
  env: ({ port, options: { auth, user, password } }) => ({
    SCHEMA_REGISTRY_URL: url(port),
    ...(auth === 'basic' ? { SCHEMA_REGISTRY_USERNAME: user, SCHEMA_REGISTRY_PASSWORD: password } : {}),
  }),
});

const url = (port: number): string => `http://${HOST}:${port}/apis/ccompat/v7`;

function runnerJar(): string {
  const home = installedFolder(FOLDER) ?? '';
  const name = readdirSync(home).find((entry) => entry.endsWith('-runner.jar'));
  if (name === undefined)
    throw new ServiceError('SERVICE_FAILED', `${home} holds no runner jar; remove it and install again`);
  return join(home, name);
}

function basicAuthentication(user: string, password: string): Record<string, string> {
  return {
    'quarkus.http.auth.basic': 'true',
    'quarkus.security.users.embedded.enabled': 'true',
    'quarkus.security.users.embedded.plain-text': 'true',
    [`quarkus.security.users.embedded.users.${user}`]: password,
    [`quarkus.security.users.embedded.roles.${user}`]: 'admin',
    'quarkus.http.auth.permission.all.paths': '/*',
    'quarkus.http.auth.permission.all.policy': 'authenticated',
  };
}
