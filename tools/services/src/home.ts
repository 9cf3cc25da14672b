import { homedir } from 'node:os';
import { join } from 'node:path';

/** The cache of everything installed, and the place of instances started from a terminal. */
export function servicesHome(): string {
  return process.env['MILLRACE_SERVICES_HOME'] || join(homedir(), '.cache', 'millrace', 'services');
}
