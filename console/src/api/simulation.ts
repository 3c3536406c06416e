import {
  type ContextEntry,
  type EvaluationResult,
  SimulateCustomPolicyCommand,
  SimulatePrincipalPolicyCommand,
} from "@aws-sdk/client-iam";
import { groupBearer, type PolicyBearer, roleBearer, userBearer } from "../permissions/bearer";
import { iam } from "./iamClient";
import { everyPage } from "./pages";
import { getPolicy, getPolicyDocument } from "./policies";
import { listGroupsOfUser } from "./users";

export type { ContextEntry, EvaluationResult };

/** Whose policies are asked: somebody's, or one that was pasted. */
export type SimulationSource = { kind: "user" | "group" | "role"; name: string; arn: string } | { kind: "custom"; document: string };

export interface SimulationQuestion {
  source: SimulationSource;
  actions: string[];
  resources: string[];
  context: ContextEntry[];
}

export function simulate({ source, actions, resources, context }: SimulationQuestion): Promise<EvaluationResult[]> {
  const asked = {
    ActionNames: actions,
    ...(resources.length > 0 && { ResourceArns: resources }),
    ...(context.length > 0 && { ContextEntries: context }),
  };
  return everyPage(
    (Marker) =>
      source.kind === "custom"
        ? iam().send(new SimulateCustomPolicyCommand({ ...asked, PolicyInputList: [source.document], Marker }))
        : iam().send(new SimulatePrincipalPolicyCommand({ ...asked, PolicySourceArn: source.arn, Marker })),
    (page) => page.EvaluationResults,
  );
}

/** Find the document that a matched statement is in, by the id that the simulation gives it. */
export async function findSimulatedDocument(source: SimulationSource, id: string): Promise<string> {
  if (source.kind === "custom") return source.document;
  for (const bearer of await bearersOf(source)) {
    const own = `${bearer.kind}_${bearer.name}_`;
    if (id.startsWith(own) && (await bearer.listInlineNames()).includes(id.slice(own.length))) {
      return bearer.getInline(id.slice(own.length));
    }
    const attached = (await bearer.listAttachments()).find(({ PolicyName }) => PolicyName === id);
    if (attached !== undefined) {
      return getPolicyDocument(attached.PolicyArn!, (await getPolicy(attached.PolicyArn!)).DefaultVersionId!);
    }
  }
  throw new Error(`The policy ${id} is not among those of ${source.name}.`);
}

async function bearersOf(source: Exclude<SimulationSource, { kind: "custom" }>): Promise<PolicyBearer[]> {
  if (source.kind === "group") return [groupBearer(source.name)];
  if (source.kind === "role") return [roleBearer(source.name)];
  const groups = await listGroupsOfUser(source.name);
  return [userBearer(source.name), ...groups.map(({ GroupName }) => groupBearer(GroupName!))];
}
