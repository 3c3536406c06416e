import * as groups from "../api/groups";
import * as roles from "../api/roles";
import * as users from "../api/users";

/** A user, a group or a role, as far as its policies go. */
export interface PolicyBearer {
  kind: "user" | "group" | "role";
  name: string;
  listAttachments: () => Promise<{ PolicyName?: string | undefined; PolicyArn?: string | undefined }[]>;
  listInlineNames: () => Promise<string[]>;
  getInline: (policyName: string) => Promise<string>;
  putInline: (policyName: string, document: string) => Promise<unknown>;
  deleteInline: (policyName: string) => Promise<unknown>;
  attach: (arn: string) => Promise<unknown>;
  detach: (arn: string) => Promise<unknown>;
}

/** A user or a role: what a policy can bound. */
export interface BoundedBearer extends PolicyBearer {
  kind: "user" | "role";
  setBoundary: (arn: string) => Promise<unknown>;
  removeBoundary: () => Promise<unknown>;
}

export const userBearer = (name: string): BoundedBearer => ({
  kind: "user",
  name,
  listAttachments: () => users.listUserAttachments(name),
  listInlineNames: () => users.listUserPolicyNames(name),
  getInline: (policyName) => users.getUserPolicy(name, policyName),
  putInline: (policyName, document) => users.putUserPolicy(name, policyName, document),
  deleteInline: (policyName) => users.deleteUserPolicy(name, policyName),
  attach: (arn) => users.attachUserPolicy(name, arn),
  detach: (arn) => users.detachUserPolicy(name, arn),
  setBoundary: (arn) => users.setUserBoundary(name, arn),
  removeBoundary: () => users.removeUserBoundary(name),
});

export const groupBearer = (name: string): PolicyBearer => ({
  kind: "group",
  name,
  listAttachments: () => groups.listGroupAttachments(name),
  listInlineNames: () => groups.listGroupPolicyNames(name),
  getInline: (policyName) => groups.getGroupPolicy(name, policyName),
  putInline: (policyName, document) => groups.putGroupPolicy(name, policyName, document),
  deleteInline: (policyName) => groups.deleteGroupPolicy(name, policyName),
  attach: (arn) => groups.attachGroupPolicy(name, arn),
  detach: (arn) => groups.detachGroupPolicy(name, arn),
});

export const roleBearer = (name: string): BoundedBearer => ({
  kind: "role",
  name,
  listAttachments: () => roles.listRoleAttachments(name),
  listInlineNames: () => roles.listRolePolicyNames(name),
  getInline: (policyName) => roles.getRolePolicy(name, policyName),
  putInline: (policyName, document) => roles.putRolePolicy(name, policyName, document),
  deleteInline: (policyName) => roles.deleteRolePolicy(name, policyName),
  attach: (arn) => roles.attachRolePolicy(name, arn),
  detach: (arn) => roles.detachRolePolicy(name, arn),
  setBoundary: (arn) => roles.setRoleBoundary(name, arn),
  removeBoundary: () => roles.removeRoleBoundary(name),
});
