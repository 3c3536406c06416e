import type { Policy } from "../api/policies";

/** What somebody who makes a user or a role says of its boundary. */
export interface BoundaryChoice {
  isWanted: boolean;
  /** Kept while none is wanted, so that it is there again when one is. */
  policy: Policy | undefined;
}

export const NO_BOUNDARY: BoundaryChoice = { isWanted: false, policy: undefined };

/** Give the policy that bounds; undefined where none is wanted, or none is chosen yet. */
export const boundaryOf = ({ isWanted, policy }: BoundaryChoice): Policy | undefined => (isWanted ? policy : undefined);

/** Tell whether one is wanted and not chosen: what is made then would be without the boundary that was asked for. */
export const lacksBoundary = (choice: BoundaryChoice): boolean => choice.isWanted && choice.policy === undefined;

/** Say what a boundary is. */
export const boundaryMeaning = (kind: "user" | "role"): string =>
  `The most that this ${kind} may ever do, whatever its policies allow.`;
