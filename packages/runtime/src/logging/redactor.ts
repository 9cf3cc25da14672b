const hidden = '[hidden]';
/** Shorter texts are in every second word. */
const shortestSecret = 4;
const mostSecrets = 1000;

// Repetitions are bounded: a hostile text must not take the square of its length.
const namedSecret =
  /((?:password|passwd|passphrase|secret|credentials?|api[._-]?key|(?:access|auth)[\w.-]{0,16}token|[._-]token)[\w.-]{0,64}["']?\s{0,4}[=:]\s{0,4})("[^"]*"|'[^']*'|[^\s,;&}"']+)/gi;
const urlSecret = /(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s:/@]{0,256}:)[^\s/@]{1,256}@/gi;
const secretName = /password|passwd|passphrase|secret|credential|api[._-]?key|token$|jaas\.config/i;

/** Takes secrets out of what is printed: those that it was told, and what stands where secrets stand. */
export class Redactor {
  readonly #secrets = new Set<string>();
  #pattern: RegExp | undefined;

  /** From now on this text is never printed. The oldest are forgotten when there are very many. */
  hide(secret: string): void {
    if (secret.length < shortestSecret || this.#secrets.has(secret)) return;
    this.#secrets.add(secret);
    if (this.#secrets.size > mostSecrets) this.#secrets.delete(this.#secrets.values().next().value ?? '');
    const longestFirst = [...this.#secrets].toSorted((a, b) => b.length - a.length);
    this.#pattern = new RegExp(longestFirst.map((text) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'), 'g');
  }

  /** Hides the values of keys that sound secret, except where they only say where the secret is: `${file:path:key}`. */
  hideConfig(config: Readonly<Record<string, unknown>>): void {
    for (const [key, value] of Object.entries(config)) {
      if (typeof value === 'string' && secretName.test(key) && !value.startsWith('${')) this.hide(value);
    }
  }

  text(text: string): string {
    const known = this.#pattern === undefined ? text : text.replace(this.#pattern, hidden);
    return known.replace(namedSecret, `$1${hidden}`).replace(urlSecret, `$1${hidden}@`);
  }

  /** A field of a line, with what is in it. */
  value(name: string, value: unknown): unknown {
    if (secretName.test(name) && (typeof value === 'string' || typeof value === 'object')) return hidden;
    return typeof value === 'string' ? this.text(value) : value;
  }
}
