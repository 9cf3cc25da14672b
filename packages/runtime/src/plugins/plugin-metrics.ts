import type { PluginMetrics } from '@millrace/api';

/** The metrics of one plugin, and what they are now. */
export interface PluginMetricsRegistry {
  readonly metrics: PluginMetrics;
  /** By name. A gauge that throws is left out. */
  read(): Readonly<Record<string, number>>;
}

export function createPluginMetrics(): PluginMetricsRegistry {
  const readers = new Map<string, () => number>();
  return {
    metrics: {
      gauge: (name, _description, read) => {
        readers.set(name, read);
      },
      counter: (name) => {
        let count = 0;
        readers.set(name, () => count);
        return (by = 1) => {
          count += by;
        };
      },
    },
    read: () => {
      const values: Record<string, number> = {};
      for (const [name, read] of readers) {
        try {
          values[name] = read();
        } catch {
          // A metric is not worth a failed task.
        }
      }
      return values;
    },
  };
}
