import { abortable, type Logger, MillraceError } from '@millrace/api';
import { type Admin, KafkaError, type Producer } from '@millrace/kafka';
import { untilDone } from '../task/with-retries.ts';
import { groupOf, newTopic, type TopicGroup } from './topic-creation.ts';

export interface TargetTopicsOptions {
  readonly groups: readonly TopicGroup[];
  readonly admin: () => Admin;
  readonly producer: Producer;
  /** The topic of the task's own offsets, where it writes them itself: records may not go there. */
  readonly offsetsTopic: string | undefined;
  readonly log: Logger;
  readonly topicUsed: (topic: string) => void;
  /** Aborted when nobody waits any longer. */
  readonly signal: AbortSignal;
}

/** What an administrator of topics refuses where the broker may create them by itself all the same. */
const leavesItToTheBroker = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_VERSION',
]);
const patienceMs = 10_000;

/** The topics that a task writes to. Each is created once, by the group that it belongs to, if it is not there. */
export class TargetTopics {
  readonly #options: TargetTopicsOptions;
  readonly #ready = new Set<string>();

  constructor(options: TargetTopicsOptions) {
    this.#options = options;
  }

  isReady(topic: string): boolean {
    return this.#ready.has(topic);
  }

  /** Waits until records can be appended, as long as that takes: a topic may be created by somebody later. */
  async prepare(topic: string): Promise<void> {
    const { offsetsTopic, topicUsed, signal } = this.#options;
    if (!this.#ready.has(topic)) {
      if (topic === offsetsTopic) {
        throw new MillraceError(
          `The task wants to write a record to ${topic}, the topic that holds the offsets of its connector. Send the record to another topic, or set offsets.storage.topic to another one.`,
        );
      }
      await abortable(this.#create(topic), signal);
    }
    await this.#load(topic);
    if (this.#ready.has(topic)) return;
    this.#ready.add(topic);
    topicUsed(topic);
  }

  async #load(topic: string): Promise<void> {
    const { producer, signal, log } = this.#options;
    const slow = setTimeout(() => {
      log.warn(
        `Topic ${topic} is not there and the broker has not created it within ${patienceMs} ms. The task waits for it: create it, or set topic.creation.default.partitions and topic.creation.default.replication.factor.`,
      );
    }, patienceMs);
    try {
      await untilDone(
        () => producer.loadTopic(topic),
        () => producer.partitionCount(topic) !== undefined,
        signal,
      );
    } finally {
      clearTimeout(slow);
    }
  }

  async #create(topic: string): Promise<void> {
    const { groups, admin, log } = this.#options;
    const group = groupOf(topic, groups);
    if (group === undefined) return;
    try {
      if ((await admin().describeTopics([topic])).has(topic)) return;
      const error = (await admin().createTopics([newTopic(topic, group)])).get(topic);
      if (error !== undefined && error.code !== 'TOPIC_ALREADY_EXISTS') throw error;
      if (error === undefined) log.info(`Created topic ${topic} by the group ${group.name}.`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (KafkaError.isInstance(error) && leavesItToTheBroker.has(error.code)) {
        log.warn(`Topic ${topic} cannot be created by the group ${group.name}, and is left to the broker: ${reason}`);
        return;
      }
      throw new MillraceError(
        `Topic ${topic} could not be created by the group ${group.name}: ${reason} Create it, or correct topic.creation.${group.name}.*.`,
        { cause: error },
      );
    }
  }
}
