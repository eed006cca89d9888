/** Asks one question at a time, always the newest. */
export interface Asking<Question> {
  /** Asked at once, or as soon as the question on its way is answered; what was wanted meanwhile is never asked. */
  want(question: Question): void;
  /** Nothing is told any more. */
  close(): void;
}

/**
 * As fast as the server answers, and no faster: while somebody types, each answer makes room for the next question. An
 * answer that comes when another question is wanted already is dropped.
 */
export function createAsking<Question, Answer>(parts: {
  readonly ask: (question: Question) => Promise<Answer>;
  readonly tell: (question: Question, answer: Answer) => void;
}): Asking<Question> {
  let wanted: { readonly question: Question } | undefined;
  let asking = false;
  let closed = false;

  async function askAll(): Promise<void> {
    asking = true;
    while (wanted !== undefined && !closed) {
      const { question } = wanted;
      wanted = undefined;
      const answer = await parts.ask(question);
      if (wanted === undefined && !closed) parts.tell(question, answer);
    }
    asking = false;
  }

  return {
    want(question) {
      wanted = { question };
      if (!asking) void askAll();
    },
    close() {
      closed = true;
    },
  };
}
