/** One value of ASN.1 in DER, or in BER as some libraries write it (lengths left open, strings in pieces). */
export class Der {
  readonly tag: number;
  /** The whole value, with tag and length. */
  readonly raw: Buffer;
  readonly #content: Buffer;

  private constructor(raw: Buffer, content: Buffer) {
    this.tag = raw.readUInt8(0);
    this.raw = raw;
    this.#content = content;
  }

  /** The first value in the bytes. Throws where it does not end within them. */
  static parse(bytes: Buffer): Der {
    return Der.#read(bytes, 0).value;
  }

  /** What a constructed value consists of. */
  get items(): Der[] {
    const items: Der[] = [];
    for (let at = 0; at < this.#content.length; ) {
      const { value, end } = Der.#read(this.#content, at);
      items.push(value);
      at = end;
    }
    return items;
  }

  /** The bytes of a string of any kind. */
  octets(): Buffer {
    const constructed = (this.tag & 0x20) !== 0;
    return constructed ? Buffer.concat(this.items.map((item) => item.octets())) : this.#content;
  }

  integer(): number {
    if (this.tag !== 0x02 || this.#content.length > 6) throw new RangeError('not a small integer');
    return this.#content.readIntBE(0, this.#content.length);
  }

  oid(): string {
    if (this.tag !== 0x06) throw new RangeError('not an object identifier');
    const arcs: number[] = [];
    let arc = 0;
    for (const byte of this.#content) {
      arc = arc * 128 + (byte & 0x7f);
      if (byte >= 0x80) continue;
      if (arcs.length > 0) arcs.push(arc);
      else arcs.push(Math.min(2, Math.floor(arc / 40)), arc - 40 * Math.min(2, Math.floor(arc / 40)));
      arc = 0;
    }
    return arcs.join('.');
  }

  static #read(bytes: Buffer, start: number): { readonly value: Der; readonly end: number } {
    const first = bytes.readUInt8(start + 1);
    let begin = start + 2;
    if (first === 0x80) return Der.#readOpen(bytes, start);
    let length = first;
    if (first > 0x80) {
      length = bytes.readUIntBE(begin, first - 0x80);
      begin += first - 0x80;
    }
    const end = begin + length;
    if (end > bytes.length) throw new RangeError('out of bounds');
    return { value: new Der(bytes.subarray(start, end), bytes.subarray(begin, end)), end };
  }

  /** A length that is left open: two zeros end it. */
  static #readOpen(bytes: Buffer, start: number): { readonly value: Der; readonly end: number } {
    let at = start + 2;
    while (bytes.readUInt16BE(at) !== 0) at = Der.#read(bytes, at).end;
    return { value: new Der(bytes.subarray(start, at + 2), bytes.subarray(start + 2, at)), end: at + 2 };
  }
}
