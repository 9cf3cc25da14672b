import { createGroupMember } from '../../src/index.ts';
import { paced, type Role, type RoleSettings } from './role.ts';
import { type Clients, uniqueName } from './target.ts';

/** A member of a group of another type, which commits numbers in its group. */
export class Committer implements Role {
  readonly name = 'the member';
  readonly groupId = uniqueName('workers');
  /** The last number that was committed. */
  done = 0;
  generations = 0;
  readonly #clients: Clients;
  readonly #topic: string;
  readonly #settings: RoleSettings;

  constructor(clients: Clients, topic: string, settings: RoleSettings) {
    this.#clients = clients;
    this.#topic = topic;
    this.#settings = settings;
  }

  async work(stopping: AbortSignal): Promise<void> {
    const member = this.#clients.keep(
      createGroupMember({
        ...this.#clients.options({ ...this.#settings, 'group.id': this.groupId }),
        protocolType: 'connect',
        callbacks: {
          protocols: () => [{ name: 'default', metadata: Buffer.from('mine') }],
          assign: (_protocol, members) => new Map(members.map(({ memberId, metadata }) => [memberId, metadata])),
          assigned: () => {
            this.generations++;
          },
        },
      }),
    );
    await member.start();
    await paced(stopping, async () => {
      member.progress();
      if (member.generation === undefined) return;
      const offset = this.done + 1;
      // Whether it has arrived is not known then; the same number is committed again.
      const committed = await member.commit([{ topic: this.#topic, partition: 0, offset }]).then(
        () => true,
        () => false,
      );
      if (committed) this.done = offset;
    });
  }
}
