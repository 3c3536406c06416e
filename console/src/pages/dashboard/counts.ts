import { paths } from "../../paths";

interface Count {
  label: string;
  /** As GetAccountSummary names it. */
  key: string;
  href?: string;
}

export const COUNTS: Count[] = [
  { label: "User groups", key: "Groups", href: paths.groups },
  { label: "Users", key: "Users", href: paths.users },
  { label: "Roles", key: "Roles", href: paths.roles },
  { label: "Policies", key: "Policies", href: paths.policies },
  { label: "Identity providers", key: "Providers", href: paths.providers },
  { label: "MFA devices in use", key: "MFADevicesInUse" },
];
