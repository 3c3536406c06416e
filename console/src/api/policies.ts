import {
  CreatePolicyCommand,
  CreatePolicyVersionCommand,
  DeletePolicyCommand,
  DeletePolicyVersionCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  ListEntitiesForPolicyCommand,
  ListPoliciesCommand,
  ListPolicyVersionsCommand,
  type Policy,
  type PolicyVersion,
  SetDefaultPolicyVersionCommand,
} from "@aws-sdk/client-iam";
import { iam } from "./iamClient";
import { everyPage } from "./pages";
import type { Tag } from "./users";

export type { Policy, PolicyVersion };
/** AWS's quota. */
export const VERSIONS_PER_POLICY = 5;

export const isAwsManaged = (arn: string): boolean => arn.startsWith("arn:aws:iam::aws:policy/");

export const listPolicies = (Scope: "All" | "AWS" | "Local" = "All"): Promise<Policy[]> =>
  everyPage((Marker) => iam().send(new ListPoliciesCommand({ Scope, Marker, MaxItems: 1000 })), (page) => page.Policies);

export async function getPolicy(PolicyArn: string): Promise<Policy> {
  const { Policy } = await iam().send(new GetPolicyCommand({ PolicyArn }));
  return Policy!;
}

export async function getPolicyDocument(PolicyArn: string, VersionId: string): Promise<string> {
  const { PolicyVersion } = await iam().send(new GetPolicyVersionCommand({ PolicyArn, VersionId }));
  return decodeURIComponent(PolicyVersion?.Document ?? "");
}

export const listPolicyVersions = (PolicyArn: string): Promise<PolicyVersion[]> =>
  everyPage((Marker) => iam().send(new ListPolicyVersionsCommand({ PolicyArn, Marker })), (page) => page.Versions);

export async function createPolicy(
  PolicyName: string,
  PolicyDocument: string,
  Description: string,
  Tags: Tag[],
): Promise<Policy> {
  const { Policy } = await iam().send(
    new CreatePolicyCommand({
      PolicyName,
      PolicyDocument,
      ...(Description !== "" && { Description }),
      ...(Tags.length > 0 && { Tags }),
    }),
  );
  return Policy!;
}

export const createPolicyVersion = (PolicyArn: string, PolicyDocument: string, SetAsDefault: boolean) =>
  iam().send(new CreatePolicyVersionCommand({ PolicyArn, PolicyDocument, SetAsDefault }));

export const setDefaultVersion = (PolicyArn: string, VersionId: string) =>
  iam().send(new SetDefaultPolicyVersionCommand({ PolicyArn, VersionId }));

export const deletePolicyVersion = (PolicyArn: string, VersionId: string) =>
  iam().send(new DeletePolicyVersionCommand({ PolicyArn, VersionId }));

/** Delete a policy with its versions; one that is attached stays. */
/** Delete a policy that nobody has; of one that somebody has, no version is touched. */
export async function deletePolicyAndVersions(PolicyArn: string): Promise<void> {
  const bearers = await listBearers(PolicyArn);
  if (bearers.length > 0) {
    throw new Error(`Detach it first. It is with ${bearers.map(({ kind, name }) => `${kind.toLowerCase()} ${name}`).join(", ")}.`);
  }
  for (const version of await listPolicyVersions(PolicyArn)) {
    if (!version.IsDefaultVersion) await deletePolicyVersion(PolicyArn, version.VersionId!);
  }
  await iam().send(new DeletePolicyCommand({ PolicyArn }));
}

export interface Bearer {
  kind: "User" | "Group" | "Role";
  name: string;
  use: "PermissionsPolicy" | "PermissionsBoundary";
}

/** List who has a policy, and as what. */
export async function listBearers(PolicyArn: string): Promise<Bearer[]> {
  const uses = ["PermissionsPolicy", "PermissionsBoundary"] as const;
  return (await Promise.all(uses.map((use) => listBearersOf(PolicyArn, use)))).flat();
}

const listBearersOf = (PolicyArn: string, use: Bearer["use"]): Promise<Bearer[]> =>
  everyPage(
    (Marker) => iam().send(new ListEntitiesForPolicyCommand({ PolicyArn, PolicyUsageFilter: use, Marker })),
    (page) => [
      ...(page.PolicyUsers ?? []).map(({ UserName }): Bearer => ({ kind: "User", name: UserName!, use })),
      ...(page.PolicyGroups ?? []).map(({ GroupName }): Bearer => ({ kind: "Group", name: GroupName!, use })),
      ...(page.PolicyRoles ?? []).map(({ RoleName }): Bearer => ({ kind: "Role", name: RoleName!, use })),
    ],
  );
