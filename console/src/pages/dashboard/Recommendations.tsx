import Box from "@cloudscape-design/components/box";
import Container from "@cloudscape-design/components/container";
import Header from "@cloudscape-design/components/header";
import SpaceBetween from "@cloudscape-design/components/space-between";
import StatusIndicator, { type StatusIndicatorProps } from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import type { Inventory } from "../../api/keyInventory";
import { AppLink } from "../../parts/AppLink";
import { daysSince, ROTATE_AFTER_DAYS } from "../../parts/time";
import type { Remote } from "../../parts/useRemote";
import { paths } from "../../paths";
import { isUnused } from "./actions";

interface RecommendationsProps {
  summary: Remote<Record<string, number>>;
  inventory: Remote<Inventory>;
  ownDevices: Remote<unknown[]>;
  /** null for the root user. */
  userName: string | null;
}

interface Recommendation {
  type: StatusIndicatorProps.Type;
  title: string;
  text: ReactNode;
}

/** What AWS's dashboard recommends, as far as the person may know how things stand. */
export function Recommendations({ summary, inventory, ownDevices, userName }: RecommendationsProps) {
  const list: Recommendation[] = [];
  if (summary.data !== undefined) list.push(...ofRoot(summary.data));
  if (userName !== null && ownDevices.data !== undefined) list.push(ofYou(ownDevices.data.length));
  if (inventory.data !== undefined) list.push(...ofKeys(inventory.data));
  const open = list.filter(({ type }) => type !== "success").length;
  return (
    <Container header={<Header variant="h2" counter={list.length === 0 ? "" : `(${open})`}>Security recommendations</Header>}>
      <SpaceBetween size="m">
        {list.map(({ type, title, text }) => (
          <div key={title}>
            <StatusIndicator type={type}>
              <b>{title}</b>
            </StatusIndicator>
            <Box color="text-body-secondary">{text}</Box>
          </div>
        ))}
        {list.length === 0 && <Box color="text-body-secondary">{summary.isLoading ? "Looking…" : "You don't have permission to view recommendations."}</Box>}
      </SpaceBetween>
    </Container>
  );
}

const ofRoot = (summary: Record<string, number>): Recommendation[] => [
  summary["AccountMFAEnabled"]
    ? { type: "success", title: "Root user has MFA", text: "Having multi-factor authentication for the root user improves security for this account." }
    : { type: "warning", title: "Add MFA for root user", text: "Sign in as the root user and assign a device under My security credentials." },
  summary["AccountAccessKeysPresent"]
    ? { type: "warning", title: "Deactivate or delete access keys for root user", text: "Use keys of an IAM user instead: nothing can limit what the root user's keys do." }
    : { type: "success", title: "Root user has no active access keys", text: "Using access keys attached to an IAM user instead of the root user improves security." },
];

const ofYou = (devices: number): Recommendation =>
  devices > 0
    ? { type: "success", title: "You have MFA", text: "A second factor is asked for when you sign in." }
    : { type: "warning", title: "Add MFA for yourself", text: <AppLink href={paths.myCredentials}>Assign a device under My security credentials</AppLink> };

function ofKeys({ keys }: Inventory): Recommendation[] {
  const active = keys.filter(({ isActive }) => isActive);
  const old = active.filter(({ createdAt }) => daysSince(createdAt) >= ROTATE_AFTER_DAYS).length;
  const unused = active.filter(isUnused).length;
  return [
    old === 0
      ? { type: "success", title: `No active key is older than ${ROTATE_AFTER_DAYS} days`, text: "Rotated keys are worth less to a thief." }
      : { type: "warning", title: `${old} active ${old === 1 ? "key is" : "keys are"} older than ${ROTATE_AFTER_DAYS} days`, text: "Rotate them: they are listed below." },
    unused === 0
      ? { type: "success", title: "Every active key is in use, or new", text: "There is nothing to deactivate." }
      : { type: "warning", title: `${unused} active ${unused === 1 ? "key is" : "keys are"} unused`, text: "Deactivate them: they are listed below." },
  ];
}
