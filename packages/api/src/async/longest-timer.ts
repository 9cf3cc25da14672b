/** The longest time that a timer takes, about 24 days; a longer one would fire at once. */
export const longestTimer = 0x7fffffff;
