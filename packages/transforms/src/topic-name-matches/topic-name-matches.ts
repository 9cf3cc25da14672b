import type { Predicate } from '@millrace/api';
import type { TopicNameMatchesConfig } from './config.ts';

/** Says yes to records whose topic matches as a whole. */
export function topicNameMatches({ pattern }: TopicNameMatchesConfig): Predicate {
  // Neighbouring records mostly share their topic.
  let lastTopic: string | undefined;
  let lastAnswer = false;
  return {
    test({ topic }) {
      if (topic !== lastTopic) {
        lastAnswer = pattern.matches(topic);
        lastTopic = topic;
      }
      return lastAnswer;
    },
  };
}
