import { listKeysWithUse } from "./accessKeys";
import { type CredentialReport, getCredentialReport } from "./credentialReport";
import { listUsers } from "./users";

export interface InventoryKey {
  userName: string;
  /** Not told by the credential report. */
  id?: string;
  isActive: boolean;
  createdAt: Date;
  lastUsedAt?: Date | undefined;
}

export interface Inventory {
  keys: InventoryKey[];
  /** When the credential report was made; undefined for what was just asked. */
  asOf?: Date;
}

/** From so many users on, every user's keys are read off the credential report. */
const MOST_ASKED = 40;
const AT_ONCE = 5;
const SLOTS = ["1", "2"] as const;

/** List all keys of the account's users: live for a few users, else as the credential report has them. */
export async function listInventory(): Promise<Inventory> {
  const users = await listUsers();
  if (users.length > MOST_ASKED) {
    const report = await getCredentialReport();
    return { keys: keysOfReport(report), asOf: report.generatedAt };
  }
  const keys: InventoryKey[] = [];
  for (let at = 0; at < users.length; at += AT_ONCE) {
    const some = users.slice(at, at + AT_ONCE).map(({ UserName }) => keysOf(UserName!));
    keys.push(...(await Promise.all(some)).flat());
  }
  return { keys };
}

async function keysOf(userName: string): Promise<InventoryKey[]> {
  return (await listKeysWithUse(userName)).map(({ AccessKeyId, Status, CreateDate, lastUsed }) => ({
    userName,
    id: AccessKeyId!,
    isActive: Status === "Active",
    createdAt: CreateDate!,
    lastUsedAt: lastUsed?.date,
  }));
}

const dateOf = (text: string | undefined): Date | undefined =>
  text !== undefined && /^\d{4}-/.test(text) ? new Date(text) : undefined;

function keysOfReport({ rows }: CredentialReport): InventoryKey[] {
  return rows.flatMap((row) =>
    SLOTS.flatMap((slot) => {
      const createdAt = dateOf(row[`access_key_${slot}_last_rotated`]);
      if (createdAt === undefined) return [];
      return {
        userName: row["user"]!,
        isActive: row[`access_key_${slot}_active`] === "true",
        createdAt,
        lastUsedAt: dateOf(row[`access_key_${slot}_last_used_date`]),
      };
    }),
  );
}
