import type { CredentialReport } from "../../api/credentialReport";
import type { Bar } from "../../parts/CountsChart";
import { countByDays, KEY_AGES, SINCE_LAST_USE } from "../../parts/ranges";
import { daysSince } from "../../parts/time";

type Row = CredentialReport["rows"][number];

export interface ReportFigures {
  keyAges: Bar[];
  keyUses: Bar[];
  mfa: Bar[];
  passwordAges: Bar[];
}

/** AWS writes true; its guide has TRUE. */
const isTrue = (value: string | undefined): boolean => value?.toLowerCase() === "true";

/** Count what the report says, as of the moment when it was made. */
export function reportFigures({ rows, generatedAt }: CredentialReport): ReportFigures {
  const days = (value: string | undefined): number | undefined => {
    const date = new Date(value ?? "");
    return Number.isNaN(date.getTime()) ? undefined : daysSince(date, generatedAt.getTime());
  };
  const known = (values: (number | undefined)[]): number[] => values.filter((value) => value !== undefined);
  const keys = rows.flatMap((row) => activeKeys(row));
  const uses = keys.map(({ usedAt }) => days(usedAt));
  const withPassword = rows.filter((row) => isTrue(row["password_enabled"]));
  const withMfa = withPassword.filter((row) => isTrue(row["mfa_active"])).length;
  return {
    keyAges: countByDays(KEY_AGES, known(keys.map(({ rotatedAt }) => days(rotatedAt)))),
    keyUses: [
      ...countByDays(SINCE_LAST_USE, known(uses)),
      { label: "Never", count: uses.filter((use) => use === undefined).length, isConcern: true },
    ],
    mfa: [
      { label: "MFA device", count: withMfa, isConcern: false },
      { label: "Password alone", count: withPassword.length - withMfa, isConcern: true },
    ],
    passwordAges: countByDays(KEY_AGES, known(withPassword.map((row) => days(row["password_last_changed"])))),
  };
}

const activeKeys = (row: Row) =>
  ["access_key_1", "access_key_2"]
    .filter((slot) => isTrue(row[`${slot}_active`]))
    .map((slot) => ({ rotatedAt: row[`${slot}_last_rotated`], usedAt: row[`${slot}_last_used_date`] }));
