const defaultCapacity = 16;
const largestCapacity = 2 ** 30;

/** A bin with more entries than this makes a table grow early, up to 64 bins. */
const treeifyThreshold = 8;
const smallestTreeifiedTable = 64;

/** `String.hashCode`: over UTF-16 code units, as a signed 32-bit number. */
export function hashCode(text: string): number {
  let hash = 0;
  for (let index = 0; index < text.length; index++) {
    hash = (Math.imul(hash, 31) + text.charCodeAt(index)) | 0;
  }
  return hash;
}

/**
 * The order in which a `java.util.HashMap` (or `HashSet`) that got these keys, in this order, iterates over them.
 * Keys that occur twice count where they came first. `initialCapacity` is the constructor's argument.
 *
 * One thing is not rebuilt: nine and more keys in one bin of a table of at least 64 bins (keys made to collide) become
 * a tree in Java, which may iterate over the keys of this bin in another order; here they keep the insertion order.
 */
export function hashMapOrder(keys: readonly string[], initialCapacity: number = defaultCapacity): string[] {
  if (keys.length < 13 && initialCapacity === defaultCapacity) {
    return orderSmall(keys);
  }
  const unique = [...new Set(keys)];
  const hashes = unique.map(hashCode);
  return hashMapIndexOrder(hashes, initialCapacity).map((index) => unique[index]!);
}

/**
 * The order of `new HashMap(other)` where `other` iterates over these keys in this order: such a map has a table that
 * fits the number of keys from the start.
 */
export function hashMapCopyOrder(keys: readonly string[]): string[] {
  return hashMapOrder(keys, copyCapacity(new Set(keys).size));
}

/**
 * As {@link hashMapOrder} for distinct keys of any type of which only the hash codes are given: the result has the
 * indexes of the keys in iteration order.
 */
export function hashMapIndexOrder(hashCodes: readonly number[], initialCapacity: number = defaultCapacity): number[] {
  const capacity = finalCapacity(hashCodes, tableSize(initialCapacity));
  const bins = hashCodes.map((hash) => spread(hash) & (capacity - 1));
  return bins.map((_, index) => index).sort((left, right) => bins[left]! - bins[right]! || left - right);
}

function spread(hash: number): number {
  return hash ^ (hash >>> 16);
}

function tableSize(initialCapacity: number): number {
  let size = 1;
  while (size < initialCapacity && size < largestCapacity) {
    size *= 2;
  }
  return size;
}

function copyCapacity(size: number): number {
  return Math.trunc(Math.fround(Math.fround(size / 0.75) + 1));
}

/** Up to 12 keys fit a table of 16 bins: an insertion sort by bin, stable, and without equal keys. */
function orderSmall(keys: readonly string[]): string[] {
  const ordered: string[] = [];
  const bins: number[] = [];
  for (const key of keys) {
    const bin = spread(hashCode(key)) & (defaultCapacity - 1);
    let place = ordered.length;
    while (place > 0 && bins[place - 1]! > bin) {
      place--;
    }
    let start = place;
    while (start > 0 && bins[start - 1] === bin && ordered[start - 1] !== key) {
      start--;
    }
    if (start > 0 && bins[start - 1] === bin) {
      continue;
    }
    if (place - start >= treeifyThreshold) {
      const unique = [...new Set(keys)];
      return hashMapIndexOrder(unique.map(hashCode)).map((index) => unique[index]!);
    }
    for (let index = ordered.length; index > place; index--) {
      ordered[index] = ordered[index - 1]!;
      bins[index] = bins[index - 1]!;
    }
    ordered[place] = key;
    bins[place] = bin;
  }
  return ordered;
}

function finalCapacity(hashCodes: readonly number[], initialCapacity: number): number {
  let capacity = initialCapacity;
  let counts = new Uint32Array(capacity);
  for (let index = 0; index < hashCodes.length; index++) {
    const bin = spread(hashCodes[index]!) & (capacity - 1);
    const crowded = counts[bin]! >= treeifyThreshold && capacity < smallestTreeifiedTable;
    counts[bin]!++;
    let doublings = crowded ? 1 : 0;
    if (index + 1 > threshold(doublings === 1 ? capacity * 2 : capacity)) {
      doublings++;
    }
    if (doublings > 0 && capacity < largestCapacity) {
      capacity *= 2 ** doublings;
      counts = countBins(hashCodes, index + 1, capacity);
    }
  }
  return capacity;
}

function threshold(capacity: number): number {
  return Math.trunc(capacity * 0.75);
}

function countBins(hashCodes: readonly number[], size: number, capacity: number): Uint32Array<ArrayBuffer> {
  const counts = new Uint32Array(capacity);
  for (let index = 0; index < size; index++) {
    counts[spread(hashCodes[index]!) & (capacity - 1)]!++;
  }
  return counts;
}
