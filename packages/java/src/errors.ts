const brand = Symbol.for('@millrace/java/JavaError');
const illegalArgumentCodes: readonly string[] = [
  'JAVA_ILLEGAL_ARGUMENT',
  'JAVA_NUMBER_FORMAT',
  'JAVA_REGEX_SYNTAX',
  'JAVA_REGEX_UNSUPPORTED',
];

/**
 * Base of every error of this package. `code` is stable; `javaClass` is the exception that Java throws in the same
 * place, which Kafka Connect shows in traces and in dead letter headers.
 *
 * Recognise errors with `isInstance`, not `instanceof`: two copies of this package may be loaded.
 */
export class JavaError extends Error {
  readonly code: string;
  readonly javaClass: string;

  constructor(code: string, javaClass: string, message: string) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.javaClass = javaClass;
    Object.defineProperty(this, brand, { value: true });
  }

  static isInstance(value: unknown): value is JavaError {
    return typeof value === 'object' && value !== null && brand in value;
  }
}

/** An argument outside of what the operation allows, such as a letter that no date pattern knows. */
export class IllegalArgumentError extends JavaError {
  constructor(message: string, code = 'JAVA_ILLEGAL_ARGUMENT', javaClass = 'java.lang.IllegalArgumentException') {
    super(code, javaClass, message);
  }

  static override isInstance(value: unknown): value is IllegalArgumentError {
    return JavaError.isInstance(value) && illegalArgumentCodes.includes(value.code);
  }
}

/** A text that is no number of the wanted type. */
export class NumberFormatError extends IllegalArgumentError {
  constructor(message: string) {
    super(message, 'JAVA_NUMBER_FORMAT', 'java.lang.NumberFormatException');
  }

  static override isInstance(value: unknown): value is NumberFormatError {
    return JavaError.isInstance(value) && value.code === 'JAVA_NUMBER_FORMAT';
  }
}

/** An exact result that does not exist, such as a scale that would need rounding. */
export class ArithmeticError extends JavaError {
  constructor(message: string) {
    super('JAVA_ARITHMETIC', 'java.lang.ArithmeticException', message);
  }

  static override isInstance(value: unknown): value is ArithmeticError {
    return JavaError.isInstance(value) && value.code === 'JAVA_ARITHMETIC';
  }
}

/** A text that does not start with a date of the pattern. `offset` is where reading stopped. */
export class DateParseError extends JavaError {
  readonly offset: number;

  constructor(message: string, offset: number) {
    super('JAVA_DATE_PARSE', 'java.text.ParseException', message);
    this.offset = offset;
  }

  static override isInstance(value: unknown): value is DateParseError {
    return JavaError.isInstance(value) && value.code === 'JAVA_DATE_PARSE';
  }
}

/** A pattern that Java refuses too. `index` is the position in the pattern. */
export class RegexSyntaxError extends IllegalArgumentError {
  readonly description: string;
  readonly index: number;

  constructor(description: string, pattern: string, index: number) {
    const place = index < 0 ? '' : ` near index ${index}`;
    const marker = index < 0 || index >= pattern.length ? '' : `\n${' '.repeat(index)}^`;
    super(`${description}${place}\n${pattern}${marker}`, 'JAVA_REGEX_SYNTAX', 'java.util.regex.PatternSyntaxException');
    this.description = description;
    this.index = index;
  }

  static override isInstance(value: unknown): value is RegexSyntaxError {
    return JavaError.isInstance(value) && value.code === 'JAVA_REGEX_SYNTAX';
  }
}

/** A pattern that Java accepts and that cannot be run here, or not safely. `index` is the position in the pattern. */
export class RegexUnsupportedError extends IllegalArgumentError {
  readonly index: number;

  constructor(message: string, index: number) {
    super(message, 'JAVA_REGEX_UNSUPPORTED', 'java.util.regex.PatternSyntaxException');
    this.index = index;
  }

  static override isInstance(value: unknown): value is RegexUnsupportedError {
    return JavaError.isInstance(value) && value.code === 'JAVA_REGEX_UNSUPPORTED';
  }
}

/** A reference to a group that the expression does not have. */
export class IndexOutOfBoundsError extends JavaError {
  constructor(message: string) {
    super('JAVA_INDEX_OUT_OF_BOUNDS', 'java.lang.IndexOutOfBoundsException', message);
  }

  static override isInstance(value: unknown): value is IndexOutOfBoundsError {
    return JavaError.isInstance(value) && value.code === 'JAVA_INDEX_OUT_OF_BOUNDS';
  }
}
