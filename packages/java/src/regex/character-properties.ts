import { type CharSet, charSet } from './char-set.ts';

/** `\p{Name}` for the names of POSIX; ASCII only. */
const posix: Readonly<Record<string, string>> = {
  Lower: 'a-z',
  Upper: 'A-Z',
  ASCII: '\\0-\\x7f',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Alnum: '0-9a-zA-Z',
  Punct: '\\x21-\\x2f\\x3a-\\x40\\x5b-\\x60\\x7b-\\x7e',
  Graph: '\\x21-\\x7e',
  Print: '\\x20-\\x7e',
  Blank: '\\x20\\t',
  Cntrl: '\\0-\\x1f\\x7f',
  XDigit: '0-9a-fA-F',
  Space: '\\x20\\t\\n\\v\\f\\r',
};

/** `\p{javaName}`: the methods of `java.lang.Character`. */
const java: Readonly<Record<string, string>> = {
  javaLowerCase: '\\p{Lowercase}',
  javaUpperCase: '\\p{Uppercase}',
  javaAlphabetic: '\\p{Alphabetic}',
  javaIdeographic: '\\p{Ideographic}',
  javaTitleCase: '\\p{Lt}',
  javaDigit: '\\p{Nd}',
  javaDefined: '\\P{Cn}',
  javaLetter: '\\p{L}',
  javaLetterOrDigit: '\\p{L}\\p{Nd}',
  javaSpaceChar: '\\p{Z}',
  javaWhitespace: '[\\p{Z}--[\\u{a0}\\u{2007}\\u{202f}]]\\t-\\r\\x1c-\\x1f',
  javaISOControl: '\\0-\\x1f\\x7f-\\x9f',
  javaMirrored: '\\p{Bidi_Mirrored}',
};

/** `\p{IsName}`, without regard to case. */
const binary: Readonly<Record<string, string>> = {
  alphabetic: '\\p{Alphabetic}',
  ideographic: '\\p{Ideographic}',
  letter: '\\p{L}',
  lowercase: '\\p{Lowercase}',
  uppercase: '\\p{Uppercase}',
  titlecase: '\\p{Lt}',
  punctuation: '\\p{P}',
  control: '\\p{Cc}',
  white_space: '\\p{White_Space}',
  whitespace: '\\p{White_Space}',
  digit: '\\p{Nd}',
  hex_digit: '\\p{Hex_Digit}',
  hexdigit: '\\p{Hex_Digit}',
  join_control: '\\p{Join_Control}',
  joincontrol: '\\p{Join_Control}',
  noncharacter_code_point: '\\p{Noncharacter_Code_Point}',
  noncharactercodepoint: '\\p{Noncharacter_Code_Point}',
  assigned: '\\P{Cn}',
};

const categories = /^(?:L[ultmo]?|M[nec]?|N[dlo]?|Z[slp]?|C[cfosn]?|P[dsecfio]?|S[mcko]?)$/;

/** The blocks that expressions are likely to name; JavaScript knows none. */
const blocks: Readonly<Record<string, string>> = {
  basiclatin: '\\0-\\x7f',
  latin1supplement: '\\x80-\\xff',
  latinextendeda: '\\u0100-\\u017f',
  latinextendedb: '\\u0180-\\u024f',
  ipaextensions: '\\u0250-\\u02af',
  combiningdiacriticalmarks: '\\u0300-\\u036f',
  greek: '\\u0370-\\u03ff',
  greekandcoptic: '\\u0370-\\u03ff',
  cyrillic: '\\u0400-\\u04ff',
  armenian: '\\u0530-\\u058f',
  hebrew: '\\u0590-\\u05ff',
  arabic: '\\u0600-\\u06ff',
  devanagari: '\\u0900-\\u097f',
  thai: '\\u0e00-\\u0e7f',
  hanguljamo: '\\u1100-\\u11ff',
  latinextendedadditional: '\\u1e00-\\u1eff',
  greekextended: '\\u1f00-\\u1fff',
  generalpunctuation: '\\u2000-\\u206f',
  currencysymbols: '\\u20a0-\\u20cf',
  arrows: '\\u2190-\\u21ff',
  mathematicaloperators: '\\u2200-\\u22ff',
  boxdrawing: '\\u2500-\\u257f',
  cjksymbolsandpunctuation: '\\u3000-\\u303f',
  hiragana: '\\u3040-\\u309f',
  katakana: '\\u30a0-\\u30ff',
  cjkunifiedideographs: '\\u4e00-\\u9fff',
  hangulsyllables: '\\uac00-\\ud7af',
  privateusearea: '\\ue000-\\uf8ff',
  halfwidthandfullwidthforms: '\\uff00-\\uffef',
};

const casedPosix = charSet('a-zA-Z');
const cased = charSet('\\p{Lowercase}\\p{Uppercase}\\p{Lt}');
const casedLetters = charSet('\\p{Lu}\\p{Ll}\\p{Lt}');

/** The set of `\p{name}`, or undefined for a name that is unknown (or a block that is not in the list above). */
export function propertySet(name: string, ignoreCase: boolean): CharSet | undefined {
  const assignment = /^([^=]*)=(.*)$/.exec(name);
  if (assignment !== null) {
    return assignedProperty(assignment[1]!.toLowerCase(), assignment[2]!, ignoreCase);
  }
  if (name.startsWith('In')) {
    return block(name.slice(2));
  }
  if (name.startsWith('Is')) {
    const rest = name.slice(2);
    return binaryProperty(rest, ignoreCase) ?? category(rest, ignoreCase) ?? script(rest);
  }
  if (Object.hasOwn(posix, name)) {
    return ignoreCase && (name === 'Lower' || name === 'Upper') ? casedPosix : charSet(posix[name]!);
  }
  if (Object.hasOwn(java, name)) {
    return ignoreCase && /^java(?:Lower|Upper|Title)Case$/.test(name) ? cased : charSet(java[name]!);
  }
  return category(name, ignoreCase);
}

function assignedProperty(property: string, value: string, ignoreCase: boolean): CharSet | undefined {
  switch (property) {
    case 'sc':
    case 'script':
      return script(value);
    case 'blk':
    case 'block':
      return block(value);
    case 'gc':
    case 'general_category':
      return category(value, ignoreCase);
    default:
      return undefined;
  }
}

function binaryProperty(name: string, ignoreCase: boolean): CharSet | undefined {
  const key = name.toLowerCase();
  if (!Object.hasOwn(binary, key)) {
    return undefined;
  }
  return ignoreCase && /^(?:lower|upper|title)case$/.test(key) ? cased : charSet(binary[key]!);
}

function category(name: string, ignoreCase: boolean): CharSet | undefined {
  switch (name) {
    case 'LC':
      return casedLetters;
    case 'LD':
      return charSet('\\p{L}\\p{Nd}');
    case 'L1':
      return charSet('\\0-\\xff');
    case 'all':
      return charSet('^');
    default:
      if (!categories.test(name)) {
        return undefined;
      }
      return ignoreCase && /^L[ult]$/.test(name) ? casedLetters : charSet(`\\p{${name}}`);
  }
}

/** Names of scripts are those of JavaScript, in any case; a short test of the engine tells whether it knows one. */
function script(name: string): CharSet | undefined {
  if (!/^[A-Za-z_]+$/.test(name)) {
    return undefined;
  }
  const proper = name.toLowerCase().replace(/(?:^|_)[a-z]/g, (start) => start.toUpperCase());
  for (const candidate of [name, proper]) {
    try {
      new RegExp(`\\p{Script=${candidate}}`, 'v');
      return charSet(`\\p{Script=${candidate}}`);
    } catch {
      // Unknown under this spelling.
    }
  }
  return undefined;
}

function block(name: string): CharSet | undefined {
  const key = name.toLowerCase().replace(/[-_ ]/g, '');
  return Object.hasOwn(blocks, key) ? charSet(blocks[key]!) : undefined;
}
