import { type Content, tellingHead } from './file-source-content.ts';
import { isInodeOf } from './file-source-identity.ts';
import { hashOf } from './file-source-input.ts';
import type { FoundFile } from './file-source-scan.ts';

/** How long what has no file any more is kept: its compressed copy may be on its way. */
const keptFor = 60_000;

interface Entry {
  readonly content: Content;
  /** The state of the file in which it was last compared with the content. */
  readonly stamp: string | undefined;
  missingSince: number | undefined;
}

/** What is known of the files of a series other than the current one, by inode; and of contents without a file. */
export class KnownContents implements Iterable<Content> {
  readonly #entries = new Map<string, Entry>();
  /** Contents of files that were truncated. */
  readonly #homeless = new Set<Entry>();
  /** Files that nobody asked for, as they were when they turned out to hold nothing of ours. */
  readonly #ignored = new Map<string, string>();
  #listed: ReadonlySet<string> = new Set();

  constructor(contents: Iterable<Content>) {
    for (const content of contents) this.add(content, undefined);
  }

  *[Symbol.iterator](): Iterator<Content> {
    for (const { content } of this.#homeless) yield content;
    for (const { content } of this.#entries.values()) yield content;
  }

  get size(): number {
    return this.#entries.size + this.#homeless.size;
  }

  add(content: Content, file: FoundFile | undefined): void {
    const entry: Entry = { content, stamp: file && stampOf(file), missingSince: undefined };
    if (content.inode === '') this.#homeless.add(entry);
    else this.#entries.set(content.inode, entry);
  }

  forget(inode: string): void {
    this.#entries.delete(inode);
  }

  has(inode: string): boolean {
    return this.#entries.has(inode);
  }

  ignore(file: FoundFile): void {
    this.#ignored.set(file.inode, stampOf(file));
  }

  /** Forgets what has had no file for a while. */
  update(files: readonly FoundFile[], now: number): void {
    this.#listed = new Set(files.map(({ inode }) => inode));
    this.#identify(files);
    for (const [inode, entry] of this.#entries) {
      entry.missingSince = this.#listed.has(inode) ? undefined : (entry.missingSince ?? now);
      if (entry.missingSince !== undefined && now - entry.missingSince > keptFor) this.#entries.delete(inode);
    }
    for (const entry of this.#homeless) {
      entry.missingSince ??= now;
      if (now - entry.missingSince > keptFor) this.#homeless.delete(entry);
    }
    for (const inode of this.#ignored.keys()) if (!this.#listed.has(inode)) this.#ignored.delete(inode);
  }

  /** Offsets of earlier versions have inodes alone. */
  #identify(files: readonly FoundFile[]): void {
    for (const [inode, entry] of this.#entries) {
      if (inode.includes('-') || this.#listed.has(inode)) continue;
      const file = files.find((found) => isInodeOf(inode, found.inode));
      if (file === undefined) continue;
      this.#entries.delete(inode);
      this.#entries.set(file.inode, { ...entry, content: { ...entry.content, inode: file.inode } });
    }
  }

  /** Whether the file must be looked at: it is new, or other than when it was read to its end. */
  mayHaveMore(file: FoundFile): boolean {
    const stamp = stampOf(file);
    const entry = this.#entries.get(file.inode);
    if (entry !== undefined) return entry.stamp !== stamp || entry.content.size !== file.size;
    return this.#ignored.get(file.inode) !== stamp;
  }

  /** Whether something is known of a file of this inode that must be compared with the file as it is now. */
  mustCompare(file: FoundFile): boolean {
    const entry = this.#entries.get(file.inode);
    return entry !== undefined && entry.stamp !== stampOf(file);
  }

  /** Whether the file, which begins with these bytes, still has the content that is known; if not, another may have it. */
  compare(file: FoundFile, bytes: Buffer, compressed: boolean): boolean {
    const entry = this.#entries.get(file.inode);
    if (entry === undefined) return false;
    const { content } = entry;
    const isLongEnough = compressed || file.size >= content.position;
    if (isLongEnough && content.compressed === compressed && begins(bytes, content)) {
      this.add(content, file);
      return true;
    }
    this.#entries.delete(file.inode);
    this.add({ ...content, inode: '', size: -1 }, undefined);
    this.#ignored.clear();
    return false;
  }

  /** Takes out what is known of the content that a file has, which begins with these bytes; `undefined`: it is new. */
  take(file: FoundFile, bytes: Buffer, compressed: boolean): Content | undefined {
    const own = this.#entries.get(file.inode);
    if (own !== undefined) {
      this.#entries.delete(file.inode);
      return own.content;
    }
    for (const entry of this.#homeless) {
      if (isCopy(entry.content, bytes) && (compressed || file.size >= entry.content.position)) {
        this.#homeless.delete(entry);
        return { ...entry.content, inode: file.inode, size: -1, compressed };
      }
    }
    if (!compressed) return undefined;
    // A file that was compressed under a new inode, after which the file itself was removed.
    for (const [inode, { content }] of this.#entries) {
      if (!content.compressed && !this.#listed.has(inode) && isCopy(content, bytes)) {
        this.#entries.delete(inode);
        return { ...content, inode: file.inode, size: -1, compressed };
      }
    }
    return undefined;
  }
}

function begins(bytes: Buffer, { head, headBytes }: Content): boolean {
  return bytes.length >= headBytes && hashOf(bytes.subarray(0, headBytes)) === head;
}

function isCopy(content: Content, bytes: Buffer): boolean {
  return content.headBytes >= tellingHead && begins(bytes, content);
}

function stampOf({ size, modified }: FoundFile): string {
  return `${size}:${modified}`;
}
