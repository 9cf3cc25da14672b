/** What a `sasl.jaas.config` says: a login module and its options. */
export interface JaasEntry {
  readonly module: string;
  readonly options: Readonly<Record<string, string>>;
}

const token = /\s*(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|([^\s="';]+)|(=)|(;))/y;

/**
 * Reads `Module required name="value" …;`.
 *
 * @throws Error that says what is wrong, without any of the values: they are secrets.
 */
export function parseJaas(text: string): JaasEntry {
  const words: { readonly kind: 'word' | '=' | ';'; readonly text: string }[] = [];
  token.lastIndex = 0;
  while (text.slice(token.lastIndex).trim() !== '') {
    const at = token.lastIndex;
    const match = token.exec(text);
    if (match === null) throw new Error(`not a JAAS configuration at character ${at}`);
    if (match[4] !== undefined) words.push({ kind: '=', text: '=' });
    else if (match[5] !== undefined) words.push({ kind: ';', text: ';' });
    else words.push({ kind: 'word', text: (match[1] ?? match[2] ?? match[3] ?? '').replace(/\\(.)/g, '$1') });
  }
  if (words.at(-1)?.kind !== ';') throw new Error('a JAAS configuration ends with a semicolon');
  words.pop();
  const [module, flag] = words;
  if (module?.kind !== 'word') throw new Error('a JAAS configuration begins with the name of a login module');
  if (!/^(required|requisite|sufficient|optional)$/i.test(flag?.text ?? '')) {
    throw new Error(`after ${module.text} comes required, requisite, sufficient or optional`);
  }
  const options: [string, string][] = [];
  for (let at = 2; at < words.length; at += 3) {
    const [name, equals, value] = words.slice(at, at + 3);
    if (name?.kind !== 'word' || equals?.kind !== '=' || value?.kind !== 'word') {
      throw new Error(`option ${options.length + 1} of ${module.text} is not of the form name="value"`);
    }
    options.push([name.text, value.text]);
  }
  return { module: module.text, options: Object.fromEntries(options) };
}
