import { paths } from "../paths";

export interface Place {
  name: string;
  href: string;
  /** What else a person may type to get there. */
  words: string;
  description: string;
}

export const SERVICES: Place[] = [
  {
    name: "IAM",
    href: paths.dashboard,
    words: "identity and access management users keys permissions",
    description: "Manage access to this account: users, access keys, policies",
  },
  {
    name: "CloudTrail",
    href: paths.events,
    words: "event history audit log trail",
    description: "See who did what, and when",
  },
];

export const PAGES: Place[] = [
  { name: "Dashboard", href: paths.dashboard, words: "iam overview recommendations", description: "IAM" },
  { name: "Event history", href: paths.events, words: "cloudtrail log audit calls", description: "CloudTrail" },
  { name: "Users", href: paths.users, words: "user access keys people", description: "IAM" },
  { name: "Create user", href: paths.createUser, words: "new user add user", description: "IAM" },
  { name: "User groups", href: paths.groups, words: "groups teams", description: "IAM" },
  { name: "Roles", href: paths.roles, words: "assume role trust", description: "IAM" },
  { name: "Create role", href: paths.createRole, words: "new role", description: "IAM" },
  { name: "Policies", href: paths.policies, words: "permissions policy document", description: "IAM" },
  { name: "Create policy", href: paths.createPolicy, words: "new policy", description: "IAM" },
  { name: "Identity providers", href: paths.providers, words: "oidc openid saml federation", description: "IAM" },
  { name: "Account settings", href: paths.accountSettings, words: "password policy alias account", description: "IAM" },
  { name: "Policy simulator", href: paths.simulator, words: "simulate test permissions why", description: "IAM" },
  { name: "Credential report", href: paths.credentialReport, words: "credentials csv audit", description: "IAM" },
  {
    name: "My security credentials",
    href: paths.myCredentials,
    words: "access key password mfa my own change password",
    description: "IAM",
  },
];
