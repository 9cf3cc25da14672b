/** The testkit's own connectors, for a worker. */
export const manifest: string = import.meta.resolve('@millrace/testkit/plugin');
