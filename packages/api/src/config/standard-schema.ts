/**
 * The part of Standard Schema (https://standardschema.dev) that is used here: what the schemas of Zod, Valibot, ArkType
 * and others have in common.
 */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly '~standard': {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type StandardResult<Output> = StandardSuccess<Output> | StandardFailure;

interface StandardSuccess<Output> {
  readonly value: Output;
  readonly issues?: undefined;
}

interface StandardFailure {
  readonly issues: readonly StandardIssue[];
}

export interface StandardIssue {
  readonly message: string;
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}
