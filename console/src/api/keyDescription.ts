/**
 * The description of an access key, as AWS's console keeps it: a tag of the user, named by the key's id.
 *
 * The API has no tags of keys. Several tags are written into the one value, readable: `Purpose=CLI-Access Owner=jane`.
 * A value without any `Name=` is a plain description, which is what AWS's console writes.
 */
export interface KeyTag {
  name: string;
  value: string;
}

/** AWS's limit of a tag's value. */
export const MAX_DESCRIPTION = 256;
export const DESCRIPTION = "Description";
const KEY_ID = /^A[A-Z]IA[A-Z0-9]{12,}$/;
const NAME = /(?:^| )([\p{L}][\p{L}\p{N}_.-]*)=/gu;
const NAME_ALONE = /^[\p{L}][\p{L}\p{N}_.-]*$/u;
const VALUE = /^[\p{L}\p{N}\p{Z}_.:/=+\-@]*$/u;
const NAME_WITHIN = /\p{Z}[\p{L}][\p{L}\p{N}_.-]*=/u;
const NAME_FIRST = /^[\p{L}][\p{L}\p{N}_.-]*=/u;

/** Tell whether a tag of a user describes a key, rather than the user. */
export const describesKey = (tagKey: string): boolean => KEY_ID.test(tagKey);

export function readDescription(text: string): KeyTag[] {
  const found = [...text.matchAll(NAME)];
  if (found.length === 0 || found[0]!.index !== 0) return text === "" ? [] : [{ name: DESCRIPTION, value: text }];
  return found.map((match, index) => ({
    name: match[1]!,
    value: text.slice(match.index + match[0].length, found[index + 1]?.index ?? text.length).trim(),
  }));
}

export function writeDescription(tags: KeyTag[]): string {
  const filled = tags.filter(({ name, value }) => name.trim() !== "" && value.trim() !== "");
  const [only] = filled;
  // With a name at its beginning it would be read as that tag.
  if (filled.length === 1 && only!.name === DESCRIPTION && !NAME_FIRST.test(only!.value.trim())) return only!.value.trim();
  return filled.map(({ name, value }) => `${name.trim()}=${value.trim().replace(/\s+/gu, " ")}`).join(" ");
}

/** Say what is wrong with a tag's name; undefined when nothing is. */
export function nameFault(name: string, others: string[]): string | undefined {
  if (name.trim() === "") return undefined;
  if (!NAME_ALONE.test(name.trim())) return "Begin with a letter; then letters, digits and _ . - only.";
  if (others.some((other) => other.trim().toLowerCase() === name.trim().toLowerCase())) return "This name already exists.";
  return undefined;
}

/** Say what is wrong with a tag's value; undefined when nothing is. */
export function valueFault(value: string): string | undefined {
  if (!VALUE.test(value)) return "Use letters, digits, spaces and _ . : / = + - @ only.";
  const word = NAME_WITHIN.exec(value)?.[0].trim();
  return word === undefined ? undefined : `After a space, ${word} would be read as another tag: add it as one, or leave the space out.`;
}
