import { ConfigError } from '@millrace/api';
import { JavaDateFormat } from '@millrace/java';

/** What a file's name is made of. */
export interface FileNameParts {
  readonly topic: string;
  readonly partition: number;
  /** Offset of the first record in the file. */
  readonly first: number;
  /** Offset of the last one. */
  readonly last: number;
  /** Of the first record, in milliseconds since 1970. */
  readonly timestamp: number;
}

export interface NameTemplateOptions {
  /** For `{timestamp:…}`; UTC when left out. */
  readonly timeZone?: string;
}

type Part = { readonly text: string } | { readonly name: string; readonly argument: string | undefined };

const placeholder = /\{(\w+)(?::([^}]*))?\}/g;
const numeric = ['partition', 'first', 'last'];
const required = ['topic', 'partition', 'first', 'last'];
const longestDigits = 20;

/**
 * Names of files that say which records are in them, so that whoever lists a directory knows how far it goes:
 * `{topic}`, `{partition}`, `{first}` and `{last}` (offsets) must all be there. Digits after a colon pad a number with
 * zeros (`{first:20}`); `{timestamp:yyyy-MM-dd}` prints the first record's timestamp as SimpleDateFormat does.
 */
export class NameTemplate {
  readonly #parts: readonly Part[];
  readonly #formats = new Map<string, JavaDateFormat>();

  /** @throws ConfigError without the key when the template cannot name files. */
  constructor(template: string, options: NameTemplateOptions = {}) {
    this.#parts = split(template);
    for (const part of this.#parts) {
      if (!('name' in part)) {
        if (/[/\\\0{}]/.test(part.text))
          throw refusal(template, 'slashes, backslashes and lone braces are not allowed');
      } else if (part.name === 'timestamp') {
        const pattern = part.argument ?? 'yyyy-MM-dd';
        this.#formats.set(pattern, new JavaDateFormat(pattern, { timeZone: options.timeZone ?? 'UTC' }));
      } else if (!required.includes(part.name)) {
        throw refusal(template, `there is no placeholder {${part.name}}`);
      } else if (part.argument !== undefined && !(part.name !== 'topic' && isPadding(part.argument))) {
        throw refusal(
          template,
          `{${part.name}:${part.argument}} must be {${part.name}}, or have a width up to ${longestDigits}`,
        );
      }
    }
    for (const name of required) {
      const count = this.#parts.filter((part) => 'name' in part && part.name === name).length;
      if (count !== 1) throw refusal(template, `{${name}} must stand in it once`);
    }
    this.#parts.forEach((part, index) => {
      const next = this.#parts[index + 1];
      if ('name' in part && next !== undefined && 'name' in next) {
        throw refusal(template, `there must be a character between {${part.name}} and {${next.name}}`);
      }
      if (isNumeric(part) && next !== undefined && 'text' in next && /^\d/.test(next.text)) {
        throw refusal(template, `there must be no digit behind {${part.name}}`);
      }
      if ('text' in part && /\d$/.test(part.text) && next !== undefined && isNumeric(next)) {
        throw refusal(template, `there must be no digit in front of {${next.name}}`);
      }
    });
  }

  format(file: FileNameParts): string {
    return this.#parts
      .map((part) => ('text' in part ? part.text : this.#print(part.name, part.argument, file)))
      .join('');
  }

  /** Reads the offsets out of names of files of one partition; `extension` is what follows the template. */
  parser(topic: string, partition: number, extension: string): (name: string) => OffsetRange | undefined {
    const pattern = this.#parts.map((part) => {
      if ('text' in part) return escapeRegExp(part.text);
      if (part.name === 'timestamp') return '.*?';
      if (part.name === 'topic') return escapeRegExp(topic);
      return part.name === 'partition' ? `0*${partition}` : `(?<${part.name}>\\d+)`;
    });
    const expression = new RegExp(`^${pattern.join('')}${escapeRegExp(extension)}$`);
    return (name) => {
      const groups = expression.exec(name)?.groups;
      return groups === undefined ? undefined : { first: Number(groups['first']), last: Number(groups['last']) };
    };
  }

  #print(name: string, argument: string | undefined, file: FileNameParts): string {
    switch (name) {
      case 'topic':
        return file.topic;
      case 'timestamp':
        return (this.#formats.get(argument ?? 'yyyy-MM-dd')?.format(file.timestamp) ?? '').replaceAll(/[/\\\0]/g, '-');
      default:
        return String(file[name as 'partition' | 'first' | 'last']).padStart(Number(argument ?? 0), '0');
    }
  }
}

/** Both inclusive. */
export interface OffsetRange {
  readonly first: number;
  readonly last: number;
}

function split(template: string): readonly Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of template.matchAll(placeholder)) {
    if (match.index > end) parts.push({ text: template.slice(end, match.index) });
    parts.push({ name: match[1] as string, argument: match[2] });
    end = match.index + match[0].length;
  }
  if (end < template.length) parts.push({ text: template.slice(end) });
  return parts;
}

/** A number beside a digit could not be told from it. */
function isNumeric(part: Part): part is Extract<Part, { name: string }> {
  return 'name' in part && numeric.includes(part.name);
}

function isPadding(argument: string): boolean {
  return /^\d{1,2}$/.test(argument) && Number(argument) <= longestDigits;
}

function refusal(template: string, problem: string): ConfigError {
  return new ConfigError(`The name template ${template} cannot be used: ${problem}.`);
}

function escapeRegExp(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
