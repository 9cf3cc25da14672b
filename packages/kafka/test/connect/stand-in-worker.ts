import {
  createGroupMember,
  createProducer,
  type Generation,
  type GroupMember,
  type GroupMemberInfo,
  type Producer,
} from '../../src/index.ts';
import {
  type ConnectAssignment,
  type ConnectProtocol,
  decodeAssignment,
  decodeMetadata,
  encodeAssignment,
  encodeMetadata,
  numberOf,
  protocolVersions,
  type Work,
} from './connect-protocol.ts';

export interface StandInWorkerOptions {
  readonly bootstrap: string;
  readonly groupId: string;
  readonly statusTopic: string;
  /** Where others would find it: `host:port`. */
  readonly workerId: string;
  /** What it shares out when it leads. */
  readonly work?: readonly Work[];
}

/** Takes part in a group of Connect workers as one of them, with everything but the connectors. */
export class StandInWorker {
  readonly workerId: string;
  readonly held = new Set<Work>();
  readonly assignments: ConnectAssignment[] = [];
  readonly #member: GroupMember;
  readonly #producer: Producer;
  readonly #statusTopic: string;
  readonly #url: string;
  readonly #work: readonly Work[];

  constructor({ bootstrap, groupId, statusTopic, workerId, work = [] }: StandInWorkerOptions) {
    this.workerId = workerId;
    this.#url = `http://${workerId}/`;
    this.#statusTopic = statusTopic;
    this.#work = work;
    this.#producer = createProducer({ settings: { 'bootstrap.servers': bootstrap } });
    this.#member = createGroupMember({
      settings: {
        'bootstrap.servers': bootstrap,
        'group.id': groupId,
        'session.timeout.ms': 10_000,
        'heartbeat.interval.ms': 500,
        'rebalance.timeout.ms': 60_000,
      },
      protocolType: 'connect',
      callbacks: {
        protocols: () =>
          (Object.keys(protocolVersions) as ConnectProtocol[]).map((name) => ({
            name,
            metadata: this.#metadata(name),
          })),
        assign: (protocol, members, leaderId) => this.#shareOut(protocol as ConnectProtocol, members, leaderId),
        assigned: (generation) => this.#assigned(generation),
        lost: () => this.held.clear(),
      },
    });
  }

  get generation(): Generation | undefined {
    return this.#member.generation;
  }

  /** Resolves when it has its first assignment. */
  start(): Promise<void> {
    return this.#member.start();
  }

  /** Gives back what it holds. */
  async close(): Promise<void> {
    for (const work of this.held) await this.#report(work, 'UNASSIGNED');
    await this.#member.close();
    await this.#producer.close();
  }

  #metadata(protocol: ConnectProtocol): Buffer {
    const last = this.assignments.at(-1);
    const allocation = last === undefined ? null : { ...last, assigned: [...this.held], revoked: [], delay: 0 };
    return encodeMetadata(protocol, { url: this.#url, offset: last?.offset ?? -1, allocation });
  }

  async #assigned(generation: Generation): Promise<void> {
    const assignment = decodeAssignment(generation.assignment);
    this.assignments.push(assignment);
    for (const work of assignment.revoked) {
      this.held.delete(work);
      await this.#report(work, 'UNASSIGNED');
    }
    for (const work of assignment.assigned) {
      this.held.add(work);
      await this.#report(work, 'RUNNING');
    }
    // What was given up is assigned to others in the next round.
    if (assignment.revoked.length > 0) this.#member.rejoin('work was given up');
  }

  /** By turns; what somebody else still holds is taken from him first. */
  #shareOut(
    protocol: ConnectProtocol,
    infos: readonly GroupMemberInfo[],
    leader: string,
  ): ReadonlyMap<string, Uint8Array> {
    const members = infos
      .map(({ memberId, metadata }) => {
        const { offset, allocation } = decodeMetadata(metadata);
        return { memberId, offset, held: allocation?.assigned ?? [] };
      })
      .sort((one, other) => (one.memberId < other.memberId ? -1 : 1));
    const offset = Math.max(...members.map((member) => member.offset));
    const owners = new Map(this.#work.map((work, index) => [work, members[index % members.length]?.memberId]));
    const held = new Set(members.flatMap((member) => member.held));
    return new Map(
      members.map((member) => {
        const mine = (work: Work): boolean => owners.get(work) === member.memberId;
        const assignment: ConnectAssignment = {
          error: 0,
          leader,
          leaderUrl: this.#url,
          offset,
          assigned: this.#work.filter((work) => mine(work) && !held.has(work)),
          revoked: member.held.filter((work) => !mine(work)),
          delay: 0,
        };
        return [member.memberId, encodeAssignment(protocol, assignment)];
      }),
    );
  }

  async #report(work: Work, state: 'RUNNING' | 'UNASSIGNED'): Promise<void> {
    const connector = work.slice(0, work.lastIndexOf('#'));
    const number = numberOf(work);
    const key = number < 0 ? `status-connector-${connector}` : `status-task-${connector}-${number}`;
    const generation = this.#member.generation?.generationId ?? -1;
    const value = { state, trace: null, worker_id: this.workerId, generation };
    await this.#producer.send({
      topic: this.#statusTopic,
      key: Buffer.from(key),
      value: Buffer.from(JSON.stringify(value)),
    });
  }
}
