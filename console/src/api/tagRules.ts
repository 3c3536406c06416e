import type { Tag } from "./users";

/** IAM's limits and patterns of tags, as its model has them. */
export const MAX_TAGS = 50;
const MAX_KEY = 128;
const MAX_VALUE = 256;
const REST = /[^\p{L}\p{Z}\p{N}_.:/=+\-@]/u;

/** Say what is wrong with a tag's key beside the others; undefined when nothing is. */
export function tagKeyFault(key: string, others: string[]): string | undefined {
  if (key.trim() === "") return "Enter a key.";
  if (length(key) > MAX_KEY) return `A key has at most ${MAX_KEY} characters; this one has ${length(key)}.`;
  if (REST.test(key)) return cannotHave(key);
  if (key.toLowerCase().startsWith("aws:")) return "Keys that begin with aws: are reserved for AWS.";
  const same = others.find((other) => other.toLowerCase() === key.toLowerCase());
  if (same === key) return "This key already exists.";
  return same === undefined ? undefined : `This key already exists as ${same}: IAM does not tell upper case from lower case.`;
}

/** Say what is wrong with a tag's value; undefined when nothing is. */
export function tagValueFault(value: string): string | undefined {
  if (length(value) > MAX_VALUE) return `A value has at most ${MAX_VALUE} characters; this one has ${length(value)}.`;
  return REST.test(value) ? cannotHave(value) : undefined;
}

/** Tell whether tags can be sent as they are. */
export const areTagsValid = (tags: Tag[]): boolean =>
  tags.every(({ Key, Value }, index) => tagKeyFault(Key, keysBeside(tags, index)) === undefined && tagValueFault(Value) === undefined);

export const keysBeside = (tags: Tag[], index: number): string[] => tags.flatMap(({ Key }, at) => (at === index ? [] : [Key]));

const length = (text: string): number => [...text].length;

const cannotHave = (text: string): string =>
  `Use letters, digits, spaces and _ . : / = + - @ only, without “${[...text].find((character) => REST.test(character))}”.`;
