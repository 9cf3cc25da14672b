import type { TopicPartition } from './port.ts';

/** Groups what belongs to partitions by topic, as requests want it. */
export function byTopic<Item extends TopicPartition>(items: Iterable<Item>): [topic: string, items: Item[]][] {
  const topics = new Map<string, Item[]>();
  for (const item of items) {
    const entries = topics.get(item.topic);
    if (entries === undefined) topics.set(item.topic, [item]);
    else entries.push(item);
  }
  return [...topics];
}

export function partitionKey(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}
