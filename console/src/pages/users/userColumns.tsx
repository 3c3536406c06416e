import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { AccessKey } from "../../api/accessKeys";
import type { listMfaDevices } from "../../api/mfaDevices";
import type { listGroupsOfUser, User } from "../../api/users";
import { AppLink } from "../../parts/AppLink";
import { CellText } from "../../parts/CellText";
import { KeyAge } from "../../parts/KeyAge";
import type { Column } from "../../parts/ResourceTable";
import { age, ago, moment } from "../../parts/time";
import type { Cell } from "../../parts/useRowDetails";
import { paths } from "../../paths";

export interface UserDetails {
  keys: AccessKey[];
  mfaDevices: Awaited<ReturnType<typeof listMfaDevices>>;
  groups: Awaited<ReturnType<typeof listGroupsOfUser>>;
}

type Details = Record<string, { [P in keyof UserDetails]?: Cell<UserDetails[P]> }>;

const byDate = (field: (user: User) => Date | undefined) => (a: User, b: User) =>
  (field(a)?.getTime() ?? 0) - (field(b)?.getTime() ?? 0);

/** The last time that a user did anything: signed in, or used a key. */
function lastActivity(user: User, keys: AccessKey[]): Date | undefined {
  const times = [user.PasswordLastUsed, ...keys.map(({ lastUsed }) => lastUsed?.date)];
  return times.reduce((last, time) => (time !== undefined && (last === undefined || time > last) ? time : last), undefined);
}

const activeKeys = (keys: AccessKey[]): AccessKey[] => keys.filter(({ Status }) => Status === "Active");

const oldestFirst = (keys: AccessKey[]): AccessKey[] =>
  keys.toSorted((a, b) => a.CreateDate!.getTime() - b.CreateDate!.getTime());

export function userColumns(details: Details): Column<User>[] {
  const of = ({ UserName }: User) => details[UserName!] ?? {};
  return [
    {
      id: "name",
      header: "User name",
      cell: ({ UserName }) => <AppLink href={paths.user(UserName!)}>{UserName}</AppLink>,
      sortingComparator: (a, b) => a.UserName!.localeCompare(b.UserName!),
      isRowHeader: true,
    },
    { id: "path", header: "Path", cell: ({ Path }) => Path, sortingField: "Path" },
    {
      id: "groups",
      header: "Groups",
      cell: (user) => <CellText cell={of(user).groups}>{(groups) => groups.length}</CellText>,
    },
    {
      id: "activity",
      header: "Last activity",
      cell: (user) => <CellText cell={of(user).keys}>{(keys) => ago(lastActivity(user, keys))}</CellText>,
    },
    {
      id: "mfa",
      header: "MFA",
      cell: (user) => (
        <CellText cell={of(user).mfaDevices}>
          {(devices) =>
            devices.length > 0 ? <StatusIndicator type="success">Enabled</StatusIndicator> : <>Not enabled</>
          }
        </CellText>
      ),
    },
    {
      id: "keys",
      header: "Access keys",
      cell: (user) => (
        <CellText cell={of(user).keys}>
          {(keys) => (keys.length === 0 ? "None" : `${activeKeys(keys).length} of ${keys.length} active`)}
        </CellText>
      ),
    },
    {
      id: "keyAge",
      header: "Active key age",
      cell: (user) => (
        <CellText cell={of(user).keys}>
          {(keys) => {
            const [oldest] = oldestFirst(activeKeys(keys));
            return oldest === undefined ? "-" : <KeyAge createdAt={oldest.CreateDate!} />;
          }}
        </CellText>
      ),
    },
    {
      id: "signIn",
      header: "Console last sign-in",
      cell: ({ PasswordLastUsed }) => (PasswordLastUsed === undefined ? "-" : age(PasswordLastUsed)),
      sortingComparator: byDate(({ PasswordLastUsed }) => PasswordLastUsed),
      isHidden: true,
    },
    {
      id: "keyIds",
      header: "Access key IDs",
      cell: (user) => (
        <CellText cell={of(user).keys}>{(keys) => keys.map(({ AccessKeyId }) => AccessKeyId).join(", ") || "-"}</CellText>
      ),
      isHidden: true,
    },
    {
      id: "created",
      header: "Created",
      cell: ({ CreateDate }) => <span title={moment(CreateDate)}>{age(CreateDate)}</span>,
      sortingComparator: byDate(({ CreateDate }) => CreateDate),
    },
    { id: "arn", header: "ARN", cell: ({ Arn }) => Arn, isHidden: true },
  ];
}
