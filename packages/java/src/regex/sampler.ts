/** Characters of many kinds: any two sets that have a character in common should have one of these in common. */
const ordinary = `${Array.from({ length: 256 }, (_, unit) => String.fromCharCode(unit)).join('')}ĀŽƀǅΩωЯяאع中あア가٠५\u0301\u180e\u2003\u2028\u2029\u3000\ufeffﬁＡ１\u0378\u{1f600}\u{1d7d8}\ud800`;

/** Represents sets of characters by which of a few hundred characters they have, as the bits of a number. */
export class Sampler {
  readonly everything: bigint;
  readonly #characters: readonly string[];
  readonly #samples = new Map<string, bigint>();

  /** The characters of the pattern itself are added, and their neighbours. */
  constructor(pattern: string) {
    const own = Array.from(pattern).filter((character) => character > '\xff');
    const escaped = Array.from(pattern.matchAll(/\\(?:u|x\{)([0-9a-fA-F]{1,6})/g), (match) => {
      return String.fromCodePoint(Math.min(Number.parseInt(match[1]!, 16), 0x10ffff));
    });
    this.#characters = [...new Set([...Array.from(ordinary), ...own, ...escaped])];
    this.everything = (1n << BigInt(this.#characters.length)) - 1n;
  }

  sample(classSource: string, ignoreCase: boolean): bigint {
    const key = ignoreCase ? `i${classSource}` : classSource;
    let sample = this.#samples.get(key);
    if (sample === undefined) {
      const expression = new RegExp(`^${classSource}$`, ignoreCase ? 'vi' : 'v');
      const bits = this.#characters.map((character) => (expression.test(character) ? '1' : '0')).join('');
      sample = BigInt(`0b${bits}`);
      this.#samples.set(key, sample);
    }
    return sample;
  }
}
