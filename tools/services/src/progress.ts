/** One line about what takes long. Standard output stays free for results. */
export function progress(message: string): void {
  process.stderr.write(`services: ${message}\n`);
}
