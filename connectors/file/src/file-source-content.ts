/**
 * What is known of a file's content: how to find it again under another name, and how far it has been read. The head is
 * a hash over the first bytes, which tells a file from another one that has got its inode.
 */
export interface Content {
  /** Empty when the file was truncated: then the content may be in a copy. */
  readonly inode: string;
  readonly head: string;
  readonly headBytes: number;
  /** Read up to here, decompressed. */
  readonly position: number;
  /** Of the file when it was last read to its end; `-1`: there may be more to read. */
  readonly size: number;
  readonly compressed: boolean;
}

/** Bytes that the head covers, or as many as there are. */
export const longestHead = 4096;
/** Two files that begin with so many equal bytes are taken for one content, where one may be a copy of the other. */
export const tellingHead = 256;

/** One text for an offset. */
export function printContents(contents: Iterable<Content>): string {
  return [...contents]
    .map(({ inode, head, headBytes, position, size, compressed }) =>
      [inode, head, headBytes, position, size, compressed ? 'gz' : ''].join(':'),
    )
    .join(' ');
}

/** What cannot be understood is left out: then the file is read again. */
export function parseContents(text: string): readonly Content[] {
  return text.split(' ').flatMap((item) => {
    const [inode = '', head = '', headBytes, position, size, compressed] = item.split(':');
    const numbers = [headBytes, position, size].map(Number) as [number, number, number];
    if (head === '' || !numbers.every(Number.isSafeInteger)) return [];
    return [
      { inode, head, headBytes: numbers[0], position: numbers[1], size: numbers[2], compressed: compressed === 'gz' },
    ];
  });
}
