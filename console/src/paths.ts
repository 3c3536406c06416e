/**
 * Browsers take `.` and `..` out of an address, percent-encoded ones too, and both may be names of users. No name in IAM
 * has a tilde, so that with one before it a name stays itself.
 */
const encoded = (name: string): string => (/^\.\.?$/.test(name) ? `~${name}` : encodeURIComponent(name));

/** Read a name off its part of an address, which the router has decoded but for that. */
export const nameIn = (part: string): string => (/^~\.\.?$/.test(part) ? part.slice(1) : part);

/** The address of every page; each name comes encoded. */
const at = (...parts: string[]): string => ["/console", ...parts.map(encoded)].join("/");

export const paths = {
  home: at(),
  signIn: at("sign-in"),
  dashboard: at("iam"),
  users: at("iam", "users"),
  createUser: at("iam", "create-user"),
  user: (name: string, tab?: UserTab): string => at("iam", "users", name) + (tab === undefined ? "" : `?tab=${tab}`),
  createAccessKey: (name: string): string => at("iam", "users", name, "create-access-key"),
  rotateAccessKey: (name: string, id: string): string => at("iam", "users", name, "rotate-access-key", id),
  myCredentials: at("iam", "security-credentials"),
  createMyAccessKey: at("iam", "security-credentials", "create-access-key"),
  rotateMyAccessKey: (id: string): string => at("iam", "security-credentials", "rotate-access-key", id),
  groups: at("iam", "groups"),
  group: (name: string): string => at("iam", "groups", name),
  roles: at("iam", "roles"),
  createRole: at("iam", "create-role"),
  role: (name: string): string => at("iam", "roles", name),
  policies: at("iam", "policies"),
  createPolicy: at("iam", "create-policy"),
  policy: (arn: string): string => at("iam", "policies", arn),
  providers: at("iam", "identity-providers"),
  accountSettings: at("iam", "account-settings"),
  credentialReport: at("iam", "credential-report"),
  simulator: at("iam", "simulator"),
  denial: (id: string): string => at("iam", "authorization-details", id),
  events: at("cloudtrail", "events"),
  event: (id: string): string => at("cloudtrail", "events", id),
};

export type UserTab = "permissions" | "groups" | "tags" | "security" | "last-accessed";
