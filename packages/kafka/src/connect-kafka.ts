import { KafkaAdmin } from './admin/kafka-admin.ts';
import { KafkaConsumer } from './group/kafka-consumer.ts';
import { KafkaGroupMember } from './group/kafka-group-member.ts';
import type { Admin, GroupCallbacks, GroupConsumer, GroupMember, PartitionReader, Producer } from './port.ts';
import { KafkaProducer } from './producer/kafka-producer.ts';
import { KafkaReader } from './reader/kafka-reader.ts';
import type { KafkaLog } from './settings/log.ts';
import {
  readConnectionSettings,
  readGroupSettings,
  readProducerSettings,
  readReaderSettings,
} from './settings/read-settings.ts';
import type { RawSettings } from './settings/setting-reader.ts';

export interface KafkaClientOptions {
  /** Settings by Java's names. */
  readonly settings: RawSettings;
  /** What the client survives and what has no effect; dropped when left out. */
  readonly log?: KafkaLog;
}

const silent: KafkaLog = () => undefined;

/** Clients connect when they are first used; settings that cannot be used are refused at once, all together. */
export function createAdmin(options: KafkaClientOptions): Admin {
  const { settings, log = silent } = options;
  return new KafkaAdmin({ settings: readConnectionSettings(settings, log), log });
}

export function createProducer(options: KafkaClientOptions): Producer {
  const { settings, log = silent } = options;
  return new KafkaProducer({ settings: readProducerSettings(settings, log), log });
}

export function createReader(options: KafkaClientOptions): PartitionReader {
  const { settings, log = silent } = options;
  return new KafkaReader({ settings: readReaderSettings(settings, log), log });
}

export interface GroupMemberClientOptions extends KafkaClientOptions {
  /** `connect` for workers: all members of a group have the same. */
  readonly protocolType: string;
  readonly callbacks: GroupCallbacks;
}

/** A member of a group of any type; `rebalance.timeout.ms` goes before `max.poll.interval.ms` where it is set. */
export function createGroupMember(options: GroupMemberClientOptions): GroupMember {
  const { settings, log = silent, protocolType, callbacks } = options;
  return new KafkaGroupMember({ settings: readGroupSettings(settings, log), log, protocolType, callbacks });
}

/** A consumer in a group, for sinks. */
export function createConsumer(options: KafkaClientOptions): GroupConsumer {
  const { settings, log = silent } = options;
  return new KafkaConsumer({ settings: readGroupSettings(settings, log), log });
}
