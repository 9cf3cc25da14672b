import { join } from 'node:path';
import { ServiceUnavailableError } from './errors.ts';
import { ownFile } from './own-file.ts';
import { findProgram, type Program, requireProgram } from './programs.ts';
import { runCommand } from './run-command.ts';
import { versions } from './versions.ts';

const MINIMUM = 17;
const HOW = `install it with "apt-get install openjdk-${MINIMUM}-jdk" (Debian, Ubuntu) or "brew install openjdk@${MINIMUM}" (macOS), and set JAVA_HOME or the PATH`;
const MAVEN: Program = { name: 'mvn', apt: 'maven', brew: 'maven' };

let checkedJava: string | undefined;

/** The `java` to run services with: at least version 17, from JAVA_HOME or the PATH. */
export async function requireJava(): Promise<string> {
  if (checkedJava !== undefined) return checkedJava;
  const java = findJdkProgram('java');
  // macOS has a `java` that only says where to get one, so it must run.
  const version = java === undefined ? '' : await runCommand(java, ['--version']).catch(() => '');
  const major = Number(/(?:openjdk|java) (\d+)/.exec(version)?.[1] ?? 0);
  if (java === undefined || major === 0) throw new ServiceUnavailableError(`Java was not found; ${HOW}`);
  if (major < MINIMUM)
    throw new ServiceUnavailableError(`Java ${MINIMUM} or newer is needed, ${java} is Java ${major}; ${HOW}`);
  checkedJava = java;
  return java;
}

/** What an installation needs besides the run time: Maven and the JDK's tools. */
export async function requireJavaTools(): Promise<void> {
  await requireJava();
  requireProgram(MAVEN);
  requireJdkProgram('javac');
}

/** A tool of the JDK, which a mere run time does not have. */
export function requireJdkProgram(name: 'javac' | 'jar'): string {
  const found = findJdkProgram(name);
  if (found === undefined) throw new ServiceUnavailableError(`the JDK's ${name} was not found; ${HOW}`);
  return found;
}

/** Copies all run-time jars of one of the pom files in `data/`. */
export async function mavenLibraries(
  pom: string,
  directory: string,
  properties: Readonly<Record<string, string>>,
): Promise<void> {
  await maven('copy-dependencies', { ...properties, includeScope: 'runtime', outputDirectory: directory }, [
    '-f',
    ownFile(`#data/${pom}`),
  ]);
}

/** Copies one artifact, named `group:artifact:version:type:classifier`. */
export async function mavenArtifact(artifact: string, directory: string): Promise<void> {
  await maven('copy', { artifact, outputDirectory: directory });
}

/** The options of a JVM that has to start fast and stay small. */
export function smallJvm(heap: string): string[] {
  return [`-Xmx${heap}`, '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
}

async function maven(
  goal: string,
  properties: Readonly<Record<string, string>>,
  more: readonly string[] = [],
): Promise<void> {
  const plugin = `org.apache.maven.plugins:maven-dependency-plugin:${versions.mavenDependencyPlugin}:${goal}`;
  const definitions = Object.entries(properties).map(([key, value]) => `-D${key}=${value}`);
  await runCommand(requireProgram(MAVEN), ['-q', '-B', ...more, plugin, ...definitions]);
}

function findJdkProgram(name: string): string | undefined {
  const home = process.env['JAVA_HOME'];
  return findProgram({ name, directories: home ? [join(home, 'bin')] : [] });
}
