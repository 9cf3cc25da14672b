import { DataError, type Transform } from '@millrace/api';
import type { RegexRouterConfig } from './config.ts';

/** A connector has few topics; whatever makes many does not fill the memory. */
const mostTopics = 1000;

/** Renames topics that match an expression of Java as a whole. */
export function regexRouter({ regex, replacement }: RegexRouterConfig): Transform {
  const routes = new Map<string, string>();

  function route(topic: string): string {
    try {
      return regex.matches(topic) ? regex.replaceFirst(topic, replacement) : topic;
    } catch (cause) {
      throw new DataError(
        `Topic ${topic} matches ${regex.pattern} and cannot be renamed with the replacement ${replacement}: ` +
          `${(cause as Error).message}.`,
        { topic, cause },
      );
    }
  }

  return {
    apply(record) {
      const { topic } = record;
      let routed = routes.get(topic);
      if (routed === undefined) {
        routed = route(topic);
        if (routes.size >= mostTopics) routes.clear();
        routes.set(topic, routed);
      }
      return routed === topic ? record : (record.with({ topic: routed }) as typeof record);
    },
  };
}
