import { describe } from 'vitest';
import { ServiceUnavailableError } from './errors.ts';
import { type Service, type ServiceRequest, service } from './service.ts';
import { catalog, type EnvironmentOf, type ServiceName } from './services/catalog.ts';

/**
 * A `describe` whose tests need a service. It is started while the file is collected, so the first test does not pay for
 * it. Where a program is missing the tests are skipped and standard error says why; with `CI=true` that is a failure.
 */
export function describeService<Name extends ServiceName>(
  name: Name,
  body: (running: Service<Name>) => void,
  request: ServiceRequest = {},
): void {
  describe(`with ${name}`, async () => {
    const running = await service(name, request).catch((error: unknown) => {
      if (!ServiceUnavailableError.isInstance(error) || process.env['CI'] === 'true') throw error;
      process.stderr.write(`SKIPPED: the tests with ${name} (${catalog[name].description}): ${error.message}\n`);
      return undefined;
    });
    describe.skipIf(running === undefined)(`version ${catalog[name].version}`, () => {
      body(running ?? absentService(name));
    });
  });
}

/** Stands in while the skipped tests are listed; none of them runs. */
function absentService<Name extends ServiceName>(name: Name): Service<Name> {
  const refuse = () => Promise.reject(new ServiceUnavailableError(`${name} is not available`));
  const env = {} as EnvironmentOf<Name>;
  return { name, address: '', env, restart: refuse, kill9: refuse, pause: refuse, resume: refuse, stop: refuse };
}
