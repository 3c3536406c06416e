interface Position {
  Line?: number | undefined;
  Column?: number | undefined;
}

interface HighlightedProps {
  text: string;
  start: Position;
  end: Position;
}

/** Give the offset of a place that is told by line and column, both from one. */
export function offsetOf(text: string, { Line = 1, Column = 1 }: Position): number {
  const before = text.split("\n").slice(0, Line - 1);
  return before.reduce((sum, line) => sum + line.length + 1, 0) + Column - 1;
}

/** A document with a part of it marked. */
export function Highlighted({ text, start, end }: HighlightedProps) {
  const first = offsetOf(text, start);
  // AWS: a single statement's start is told as the place after its brace, a listed one's as that after the bracket or
  // after the statement before it.
  const between = /^[\s,]*/.exec(text.slice(first))?.[0].length ?? 0;
  const from = text[first - 1] === "{" ? first - 1 : first + between;
  const to = Math.max(from, offsetOf(text, end));
  return (
    <pre className="document" tabIndex={0} role="region" aria-label="Policy document">
      {text.slice(0, from)}
      <mark>{text.slice(from, to)}</mark>
      {text.slice(to)}
    </pre>
  );
}
