import type { Outcome } from '../compare.ts';
import type { Suite } from '../suite.ts';
import { compareAnswer } from './compare-answer.ts';
import { type BeforeStep, type RestAnswer, type RestCase, restCases } from './rest-case.ts';
import { differenceBeyondRules, leftOutOf, restDeviationRules } from './rest-deviations.ts';
import { type StandaloneWorker, startStandaloneWorker } from './standalone-worker.ts';

const waitMs = 20_000;
const mostSleepMs = 3000;

/** Replays a recording in its order against a worker that is started for it. */
export function createRestSuite(): Suite<RestCase> {
  let starting: Promise<StandaloneWorker> | undefined;
  const started = (): Promise<StandaloneWorker> => {
    starting ??= startStandaloneWorker();
    return starting;
  };
  return {
    group: 'rest',
    rules: restDeviationRules,
    cases: restCases,
    replay: async (restCase): Promise<Outcome> => {
      const leftOut = leftOutOf(restCase);
      if (leftOut !== undefined) return { output: { leftOut } };
      const worker = await started();
      for (const step of restCase.before) await before(worker, step);
      return { output: await send(worker, restCase) };
    },
    compare: (restCase, outcome) => {
      if ('error' in outcome) return `could not be asked: ${String(outcome.error)}`;
      const { output } = outcome;
      if (isLeftOut(output)) return `left out: ${output.leftOut}`;
      const answer = output as RestAnswer;
      const difference = compareAnswer(restCase, answer);
      return difference && (differenceBeyondRules(restCase, answer) ?? difference);
    },
    close: async () => await (await starting)?.close(),
  };
}

function isLeftOut(output: unknown): output is { readonly leftOut: string } {
  return typeof output === 'object' && output !== null && 'leftOut' in output;
}

async function send({ url, places }: StandaloneWorker, { request }: RestCase): Promise<RestAnswer> {
  const { method, path, headers, body } = request;
  const text = body === null ? null : ours(body, places);
  const response = await exchange(url + ours(path, places), method, headers, text);
  return { ...response, text: recorded(response.text, places), headers: locationOf(response.headers, places) };
}

/** `fetch` refuses some methods, and adds headers. */
async function exchange(
  url: string,
  method: string,
  headers: Readonly<Record<string, string>>,
  body: string | null,
): Promise<RestAnswer> {
  const { request } = await import('node:http');
  const { promise, resolve, reject } = Promise.withResolvers<RestAnswer>();
  const { origin, host } = new URL(url);
  const length = body === null ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
  const path = url.slice(origin.length);
  const [hostname, port] = host.split(':');
  const sent = request({ hostname, port, path, method, headers: { ...headers, ...length } }, (response) => {
    const chunks: Buffer[] = [];
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('error', reject);
    response.on('end', () => {
      const received = Object.entries(response.headers).map(([name, value]) => [name, String(value)] as const);
      resolve({
        status: response.statusCode ?? 0,
        headers: Object.fromEntries(received),
        text: Buffer.concat(chunks).toString('utf8'),
      });
    });
  });
  sent.setTimeout(waitMs, () => sent.destroy(new Error(`No answer to ${method} ${url} within ${waitMs} ms.`)));
  sent.on('error', reject);
  sent.end(body ?? undefined);
  return await promise;
}

async function before({ url }: StandaloneWorker, step: BeforeStep): Promise<void> {
  if ('sleepMs' in step) return await pause(Math.min(step.sleepMs, mostSleepMs));
  const { connector, state, taskState, tasks } = step.wait;
  if (leftOutOf({ request: { path: `/connectors/${connector}` } }) !== undefined) return;
  const end = performance.now() + waitMs;
  for (;;) {
    const { status, text } = await exchange(
      `${url}/connectors/${encodeURIComponent(connector)}/status`,
      'GET',
      {},
      null,
    );
    const answer = status === 200 ? (JSON.parse(text) as ConnectorStatus) : undefined;
    if (
      answer?.connector.state === state &&
      (taskState === undefined || answer.tasks.every((task) => task.state === taskState)) &&
      (tasks === undefined || answer.tasks.length === tasks)
    ) {
      return;
    }
    if (performance.now() > end) throw new Error(`Waited ${waitMs} ms for ${JSON.stringify(step.wait)}; it is ${text}`);
    await pause(50);
  }
}

interface ConnectorStatus {
  readonly connector: { readonly state: string };
  readonly tasks: readonly { readonly state: string }[];
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Versions are told apart by no one here: ours stands where Java's was recorded. */
const recordedVersion = '4.3.1';
const ourVersion = '0.0.0';

function ours(text: string, places: StandaloneWorker['places']): string {
  let replaced = text.replaceAll(recordedVersion, ourVersion);
  for (const [name, value] of Object.entries(places)) replaced = replaced.replaceAll(`\${${name}}`, value);
  return replaced;
}

function recorded(text: string, places: StandaloneWorker['places']): string {
  let replaced = text
    .replaceAll(`"${ourVersion}"`, `"${recordedVersion}"`)
    .replaceAll(`[${ourVersion}]`, `[${recordedVersion}]`);
  for (const [name, value] of Object.entries(places)) replaced = replaced.replaceAll(value, `\${${name}}`);
  return replaced;
}

function locationOf(headers: RestAnswer['headers'], places: StandaloneWorker['places']): RestAnswer['headers'] {
  const location = headers['location'];
  return location === undefined ? headers : { ...headers, location: recorded(location, places) };
}
