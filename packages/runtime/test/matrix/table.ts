import type { Situation } from './support/situation.ts';
import type { Kind } from './support/trial.ts';

/** The matrix as Markdown. */
export function matrixTable(situations: readonly Situation[]): string {
  const head = ['Situation', 'Concerns', 'State', 'Message', 'What to do', 'Lost', 'Twice'];
  return [row(head), row(head.map(() => '---')), ...situations.map((situation) => row(cells(situation)))].join('\n');
}

function cells(situation: Situation): readonly string[] {
  const { kinds, hosts, state, message, recovery, skipped = [], letters = [], doubled = [] } = situation;
  const skips = recovery.startsWith('None') && skipped.length > 0;
  return [
    situation.situation,
    namesOf(kinds) + (hosts === undefined ? '' : `, in ${hosts.join()} hosts`),
    state,
    messageOf(message),
    recovery,
    skips ? 'the poison' : letters.length > 0 ? 'none; the poison is a dead letter' : 'none',
    doubled.length === 0 ? 'no' : `may be: ${namesOf(kinds.filter((kind) => doubled.includes(kind)))}`,
  ];
}

function messageOf(message: string): string {
  if (message === '') return 'none';
  return message.startsWith('The planned fault') ? 'what it threw' : `\`${message}\``;
}

function namesOf(kinds: readonly Kind[]): string {
  const source = kinds.includes('source');
  const exactly = kinds.includes('exactly-once source');
  const sources =
    source && exactly ? 'sources' : source ? 'at-least-once sources' : exactly ? 'exactly-once sources' : '';
  return [sources, kinds.includes('sink') ? 'sinks' : ''].filter(Boolean).join(', ');
}

function row(texts: readonly string[]): string {
  return `| ${texts.map((text) => text.replaceAll('|', '\\|')).join(' | ')} |`;
}
