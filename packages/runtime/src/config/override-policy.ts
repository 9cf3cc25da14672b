import { ConfigError, type ConfigProblem } from '@millrace/api';

/** What a connector may not change of the settings that it brings along (`producer.override.…`), by names without prefix. */
export type OverridePolicy = (
  client: 'producer' | 'consumer' | 'admin',
  settings: Readonly<Record<string, string>>,
) => readonly ConfigProblem[];

const principal: ReadonlySet<string> = new Set(['sasl.jaas.config', 'sasl.mechanism', 'security.protocol']);
const javaPackage = 'org.apache.kafka.connect.connector.policy.';
const suffix = 'ConnectorClientConfigOverridePolicy';

/**
 * The policy that `connector.client.config.override.policy` names: by its short name, or by the name of Java's class.
 *
 * @throws ConfigError for one that is not known: what it forbids would be allowed.
 */
export function overridePolicy(name: string, allowlist: readonly string[]): OverridePolicy {
  const short = name.replace(javaPackage, '').replace(new RegExp(`(?<=.)${suffix}$`), '');
  switch (short) {
    case 'All':
      return () => [];
    case 'None':
      return refuse(short, () => false);
    case 'Principal':
      return refuse(short, (setting) => principal.has(setting));
    case 'Allowlist':
      return refuse(short, (setting) => allowlist.includes(setting));
    default: {
      const key = 'connector.client.config.override.policy';
      const message = `Invalid value ${name} for configuration ${key}: it must be All, None, Allowlist or Principal; policies in Java need a JVM`;
      throw new ConfigError([{ key, message }]);
    }
  }
}

function refuse(policy: string, allows: (setting: string) => boolean): OverridePolicy {
  return (_, settings) =>
    Object.keys(settings)
      .filter((setting) => !allows(setting))
      .map((setting) => ({
        key: setting,
        message: `The '${policy}' policy does not allow '${setting}' to be overridden in the connector configuration.`,
      }));
}
