const SETS = ["ABCDEFGHJKLMNPQRSTUVWXYZ", "abcdefghijkmnopqrstuvwxyz", "23456789", "!@#$%^&*()_+-="] as const;
const LENGTH = 20;

/** Draw below a limit, each number as likely as any other. */
function draw(limit: number): number {
  const box = new Uint32Array(1);
  const end = Math.floor(2 ** 32 / limit) * limit;
  do {
    crypto.getRandomValues(box);
  } while (box[0]! >= end);
  return box[0]! % limit;
}

/** Make a password that has some of every kind, for any account's policy, and none of what looks alike. */
export function newPassword(length = LENGTH): string {
  const all = SETS.join("");
  const characters: string[] = SETS.map((set) => set[draw(set.length)]!);
  while (characters.length < length) characters.push(all[draw(all.length)]!);
  for (let index = characters.length - 1; index > 0; index -= 1) {
    const other = draw(index + 1);
    [characters[index], characters[other]] = [characters[other]!, characters[index]!];
  }
  return characters.join("");
}
