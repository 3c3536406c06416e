import { diffLines } from "./diff";

const SIGNS = { same: "  ", added: "+ ", removed: "- " } as const;

/** What changed between two texts. */
export function Diff({ before, after, label }: { before: string; after: string; label: string }) {
  return (
    <pre className="diff" tabIndex={0} role="region" aria-label={label}>
      {diffLines(before, after).map(({ kind, text }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line has no identity but its place
        <div key={index} className={`diff-${kind}`}>
          {SIGNS[kind]}
          {text}
        </div>
      ))}
    </pre>
  );
}
