import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mavenLibraries, requireJdkProgram } from '../java.ts';
import { ownFile } from '../own-file.ts';
import { runCommand } from '../run-command.ts';

/** Lays out a home directory from the jars of the server and its HTTP module, and compiles the launcher. */
export async function fetchElasticsearch(directory: string, version: string): Promise<void> {
  const libraries = join(directory, 'lib');
  const transport = join(directory, 'modules', 'transport-netty4');
  await mavenLibraries('elasticsearch.pom.xml', libraries, { 'es.version': version });
  for (const path of [transport, join(directory, 'plugins'), join(directory, 'shim')])
    await mkdir(path, { recursive: true });
  for (const name of await readdir(libraries)) {
    if (/^(netty|transport-netty4)-/.test(name)) await rename(join(libraries, name), join(transport, name));
  }
  // The module's descriptor and policy.
  const jar = requireJdkProgram('jar');
  await runCommand(jar, ['-xf', `transport-netty4-${version}.jar`, 'META-INF/es-plugins'], { cwd: transport });
  const descriptors = join(transport, 'META-INF', 'es-plugins', 'transport-netty4');
  for (const name of await readdir(descriptors)) await rename(join(descriptors, name), join(transport, name));
  await rm(join(transport, 'META-INF'), { recursive: true });
  await makeShim(join(directory, 'shim'), join(libraries, `elasticsearch-entitlement-${version}.jar`));
  await runCommand(requireJdkProgram('javac'), [
    '--release',
    '17',
    '-d',
    join(directory, 'launcher'),
    ownFile('#data/EsMain.java'),
  ]);
}

/** The entitlement jar as an automatic module, for run times that lack the modules jdk.jdi and jdk.jlink it asks for. */
async function makeShim(directory: string, entitlement: string): Promise<void> {
  const jar = requireJdkProgram('jar');
  const classes = join(directory, 'classes');
  const manifest = join(directory, 'manifest');
  await mkdir(classes);
  await runCommand(jar, ['-xf', entitlement], { cwd: classes });
  await rm(join(classes, 'module-info.class'));
  await writeFile(manifest, 'Automatic-Module-Name: org.elasticsearch.entitlement\n');
  const target = join(directory, 'elasticsearch-entitlement.jar');
  await runCommand(jar, ['--create', '--file', target, '--manifest', manifest, '-C', classes, '.']);
  await rm(classes, { recursive: true });
  await rm(manifest);
}
