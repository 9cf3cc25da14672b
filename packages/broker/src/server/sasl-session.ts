import { createHash, timingSafeEqual } from 'node:crypto';

/** `user\0password` of SASL/PLAIN: how a connection comes to be trusted. */
export class SaslSession {
  readonly #users: ReadonlyMap<string, string> | undefined;
  #mechanismAgreed = false;
  #authenticated: boolean;

  /** @param users - passwords by name; `undefined` when nobody has to log in. */
  constructor(users: ReadonlyMap<string, string> | undefined) {
    this.#users = users;
    this.#authenticated = users === undefined;
  }

  get authenticated(): boolean {
    return this.#authenticated;
  }

  get mechanisms(): string[] {
    return this.#users === undefined ? [] : ['PLAIN'];
  }

  get mechanismAgreed(): boolean {
    return this.#mechanismAgreed;
  }

  /** Whether that mechanism can be used here. */
  agree(mechanism: string): boolean {
    this.#mechanismAgreed = this.mechanisms.includes(mechanism);
    return this.#mechanismAgreed;
  }

  /** Checks the client's only message: authorization id, name and password, with NUL between them. */
  authenticate(message: Uint8Array): boolean {
    const parts = Buffer.from(message).toString('utf8').split('\0');
    const [authorization = '', name = '', password = ''] = parts;
    const expected = this.#users?.get(name);
    const right = sameText(password, expected ?? '') && expected !== undefined;
    this.#authenticated = parts.length === 3 && right && (authorization === '' || authorization === name);
    return this.#authenticated;
  }
}

function sameText(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}
