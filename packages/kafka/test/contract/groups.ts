import { afterEach, describe, expect, test } from 'vitest';
import {
  createConsumer,
  createGroupMember,
  type GroupConsumer,
  type GroupMember,
  type GroupMemberInfo,
  type KafkaError,
  type RebalanceListener,
  type TopicPartition,
} from '../../src/index.ts';
import { append, Clients, type ContractTarget, uniqueName } from './target.ts';

const quick = { 'session.timeout.ms': 6000, 'heartbeat.interval.ms': 100, 'max.poll.interval.ms': 20_000 };

/** Remembers what a consumer was told and what it read. */
class Story implements RebalanceListener {
  readonly lines: string[] = [];
  readonly values: string[] = [];
  consumer: GroupConsumer | undefined;
  /** Offsets to commit when partitions are revoked. */
  commits = false;

  assigned(partitions: readonly TopicPartition[]): void {
    this.lines.push(`assigned ${named(partitions)}`);
  }

  async revoked(partitions: readonly TopicPartition[]): Promise<void> {
    if (this.commits) await this.commit(partitions);
    this.lines.push(`revoked ${named(partitions)}`);
  }

  lost(partitions: readonly TopicPartition[]): void {
    this.lines.push(`lost ${named(partitions)}`);
  }

  failed(error: KafkaError): void {
    this.lines.push(`failed ${error.code}`);
  }

  async commit(partitions: readonly TopicPartition[]): Promise<void> {
    const { consumer } = this;
    await consumer!.commit(
      partitions.flatMap(({ topic, partition }) => {
        const offset = consumer!.position(topic, partition);
        return offset === undefined ? [] : [{ topic, partition, offset }];
      }),
    );
  }

  /** Polls once and keeps the values. */
  async poll(): Promise<void> {
    for (const records of await this.consumer!.poll(50)) {
      while (records.next()) {
        const { buffer, valueStart, valueEnd } = records.record;
        this.values.push(buffer.toString('utf8', valueStart, valueEnd));
      }
    }
  }
}

function named(partitions: readonly TopicPartition[]): string {
  return partitions
    .map(({ partition }) => partition)
    .sort((one, other) => one - other)
    .join();
}

/** Polls all of them until the condition holds. */
async function until(
  stories: readonly Story[],
  condition: () => boolean,
  what: string,
  limitMs = 20_000,
): Promise<void> {
  const end = Date.now() + limitMs;
  while (!condition()) {
    if (Date.now() > end)
      throw new Error(
        `${what} did not come about: ${JSON.stringify(stories.map(({ lines, values }) => [lines, values.length]))}`,
      );
    await Promise.all(stories.map((story) => story.poll()));
  }
}

export function groupContract(target: ContractTarget): void {
  describe(`groups with ${target.name}`, () => {
    const clients = new Clients(target);
    afterEach(() => clients.close());

    const consumer = (groupId: string, settings: Record<string, string | number> = {}): Story => {
      const story = new Story();
      const defaults = { 'group.id': groupId, 'auto.offset.reset': 'earliest', ...quick };
      story.consumer = clients.keep(createConsumer(clients.options({ ...defaults, ...settings })));
      return story;
    };
    const filled = async (count: number, partitions: number): Promise<string> => {
      const topic = uniqueName('sink');
      await clients.admin().createTopics([{ name: topic, partitions }]);
      const producer = clients.producer();
      await producer.loadTopic(topic);
      for (let index = 0; index < count; index++) append(producer, topic, index % partitions, `${index}`);
      await producer.flush();
      return topic;
    };

    test.each([
      'org.apache.kafka.clients.consumer.RangeAssignor',
      'org.apache.kafka.clients.consumer.RoundRobinAssignor',
    ])('share partitions by %s, and commit what they did before they give them up', async (strategy) => {
      const topic = await filled(100, 4);
      const groupId = uniqueName('group');
      const settings = { 'partition.assignment.strategy': strategy };
      const first = consumer(groupId, settings);
      first.commits = true;
      await first.consumer!.start({ topics: [topic] }, first);
      await until([first], () => first.values.length === 100, 'reading everything');
      const second = consumer(groupId, settings);
      second.commits = true;
      const started = second.consumer!.start({ topics: [topic] }, second);
      await until([first], () => first.lines.length >= 3, 'the rebalance');
      await started;
      expect(first.consumer!.assignment).toHaveLength(2);
      expect(second.consumer!.assignment).toHaveLength(2);
      expect(first.lines.slice(0, 2)).toEqual(['assigned 0,1,2,3', 'revoked 0,1,2,3']);
      const producer = clients.producer();
      await Promise.all(
        [0, 1, 2, 3].map((partition) => producer.send({ topic, partition, value: Buffer.from('new') })),
      );
      await until([first, second], () => first.values.length + second.values.length === 104, 'the new ones');
      await second.consumer!.close();
      await until([first], () => first.consumer!.assignment.length === 4, 'taking over');
      await first.poll();
      expect(first.values.length + second.values.length).toBe(104);
      expect(second.lines.at(-1)).toMatch(/^revoked \d,\d$/);
    });

    test('keep what does not move when they cooperate', async () => {
      const topic = await filled(40, 4);
      const groupId = uniqueName('group');
      const settings = { 'partition.assignment.strategy': 'cooperative-sticky' };
      const first = consumer(groupId, settings);
      first.commits = true;
      await first.consumer!.start({ topics: [topic] }, first);
      await until([first], () => first.values.length === 40, 'reading everything');
      const second = consumer(groupId, settings);
      second.commits = true;
      const started = second.consumer!.start({ topics: [topic] }, second);
      await until([first], () => first.consumer!.assignment.length === 2, 'giving up two');
      await started;
      await until([first, second], () => second.consumer!.assignment.length === 2, 'taking two');
      const revoked = first.lines.filter((line) => line.startsWith('revoked'));
      expect(revoked).toHaveLength(1);
      expect(revoked[0]).toMatch(/^revoked \d,\d$/);
      expect(second.values).toEqual([]);
    });

    test('take up new topics that fit their pattern', async () => {
      const prefix = uniqueName('pattern');
      const admin = clients.admin();
      await admin.createTopics([{ name: `${prefix}-a`, partitions: 1 }]);
      const story = consumer(uniqueName('group'), { 'metadata.max.age.ms': 200 });
      await story.consumer!.start({ pattern: (topic) => topic.startsWith(prefix) }, story);
      expect(story.consumer!.assignment).toEqual([{ topic: `${prefix}-a`, partition: 0 }]);
      await admin.createTopics([{ name: `${prefix}-b`, partitions: 2 }]);
      await until([story], () => story.consumer!.assignment.length === 3, 'taking up the new topic');
      await admin.createPartitions(`${prefix}-b`, 3);
      await until([story], () => story.consumer!.assignment.length === 4, 'taking up the new partition');
    });

    test('leave when no progress is made, and come back with it', async () => {
      const topic = await filled(10, 1);
      const story = consumer(uniqueName('group'), { 'max.poll.interval.ms': 1000 });
      await story.consumer!.start({ topics: [topic] }, story);
      await until([story], () => story.values.length === 10, 'reading everything');
      await expect.poll(() => story.lines.at(-1), { timeout: 10_000 }).toBe('lost 0');
      await expect(story.consumer!.commit([{ topic, partition: 0, offset: 10 }])).rejects.toThrow('not part of group');
      await until([story], () => story.consumer!.assignment.length === 1, 'coming back');
    });

    test('keep the place of a static member that restarts', async () => {
      const topic = await filled(0, 2);
      const groupId = uniqueName('group');
      const settings = { 'group.instance.id': 'one' };
      const before = consumer(groupId, settings);
      await before.consumer!.start({ topics: [topic] }, before);
      const generation = before.consumer!.groupMetadata.generationId;
      await before.consumer!.close();
      const after = consumer(groupId, settings);
      await after.consumer!.start({ topics: [topic] }, after);
      expect(after.consumer!.assignment).toHaveLength(2);
      expect(after.consumer!.groupMetadata.instanceId).toBe('one');
      expect(after.consumer!.groupMetadata.generationId).toBeLessThanOrEqual(generation! + 1);
    });

    test('of any protocol type exchange their own bytes', async () => {
      const groupId = uniqueName('workers');
      const told: string[] = [];
      const member = (name: string): GroupMember =>
        clients.keep(
          createGroupMember({
            ...clients.options({ 'group.id': groupId, ...quick, 'rebalance.timeout.ms': 10_000 }),
            protocolType: 'connect',
            callbacks: {
              protocols: () => [{ name: 'sessioned', metadata: Buffer.from(name) }],
              assign: (_protocol, members: readonly GroupMemberInfo[]) => {
                const all = members
                  .map(({ metadata }) => metadata.toString())
                  .sort()
                  .join('+');
                return new Map(members.map(({ memberId }) => [memberId, Buffer.from(all)]));
              },
              revoking: (generation) => {
                told.push(`${name} revoking ${generation.assignment}`);
              },
              assigned: (generation) => {
                told.push(`${name} assigned ${generation.assignment}`);
              },
            },
          }),
        );
      const first = member('first');
      await first.start();
      const second = member('second');
      await second.start();
      await expect.poll(() => first.generation?.assignment.toString()).toBe('first+second');
      const described = await clients.admin().describeGroup(groupId);
      expect(described).toMatchObject({ protocolType: 'connect', protocol: 'sessioned' });
      expect(described.members.map(({ metadata }) => metadata.toString()).sort()).toEqual(['first', 'second']);
      first.rejoin('because');
      await expect.poll(() => told.filter((line) => line === 'second revoking first+second').length).toBe(1);
      await second.close();
      await expect.poll(() => first.generation?.assignment.toString(), { timeout: 10_000 }).toBe('first');
      expect(told[0]).toBe('first assigned first');
      expect(told[1]).toBe('first revoking first');
    });
  });
}
