import { ConfigError } from '@millrace/api';

/** Where the REST server listens. */
export interface Listener {
  readonly protocol: 'http' | 'https';
  /** Empty: the default, which is loopback. */
  readonly host: string;
  readonly port: number;
}

export interface Listeners {
  readonly regular: readonly Listener[];
  /** `undefined`: the regular ones serve `/admin` too. Empty: nobody serves it. */
  readonly admin: readonly Listener[] | undefined;
}

/** Reads `listeners` and `admin.listeners`. @throws ConfigError that names every address that is none. */
export function readListeners(properties: Readonly<Record<string, string>>): Listeners {
  const problems: { readonly key: string; readonly message: string }[] = [];
  const listOf = (key: string): readonly Listener[] | undefined => {
    const text = properties[key];
    if (text === undefined) return undefined;
    return text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '')
      .flatMap((item) => {
        const listener = parseListener(item);
        if (listener !== undefined) return [listener];
        const message = `${key} has ${item}, which is no address: write http://host:port or https://host:port.`;
        problems.push({ key, message });
        return [];
      });
  };
  const regular = listOf('listeners') ?? [{ protocol: 'http', host: '', port: 8083 }];
  const admin = listOf('admin.listeners');
  if (regular.length === 0 && problems.length === 0) {
    problems.push({ key: 'listeners', message: 'listeners is empty: name at least one address, or leave it out.' });
  }
  if (problems.length > 0) throw new ConfigError(problems);
  return { regular, admin };
}

function parseListener(text: string): Listener | undefined {
  const [, protocol, host = '', digits] = /^(https?):\/\/(\[[0-9a-f:.]+\]|[\w.-]*):(\d{1,5})\/?$/i.exec(text) ?? [];
  const port = Number(digits);
  if (protocol === undefined || digits === undefined || port > 65_535) return undefined;
  return { protocol: protocol.toLowerCase() as Listener['protocol'], host: host.replace(/^\[|\]$/g, ''), port };
}
