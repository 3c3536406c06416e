const ALIAS = /^[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]$/;

/** Say what is wrong with an account alias; undefined when nothing is. IAM's model has the pattern. */
export function aliasFault(alias: string): string | undefined {
  if (alias.length < 3 || alias.length > 63) return `An alias has 3 to 63 characters; this one has ${alias.length}.`;
  if (/[^a-z0-9-]/.test(alias)) return "Use lower-case letters, digits and hyphens only.";
  if (alias.startsWith("-") || alias.endsWith("-")) return "An alias cannot begin or end with a hyphen.";
  if (alias.includes("--")) return "An alias cannot have two hyphens in a row.";
  return ALIAS.test(alias) ? undefined : "This is not an account alias.";
}
