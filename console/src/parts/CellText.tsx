import Box from "@cloudscape-design/components/box";
import StatusIndicator from "@cloudscape-design/components/status-indicator";
import type { ReactNode } from "react";
import { readFailure } from "../api/failures";
import type { Cell } from "./useRowDetails";

/** Show a cell that is loaded by itself: on its way, refused, or there. */
export function CellText<T>({ cell, children }: { cell: Cell<T>; children: (value: T) => ReactNode }) {
  if (cell === undefined) return <Box color="text-status-inactive">…</Box>;
  if ("value" in cell) return <>{children(cell.value)}</>;
  const failure = readFailure(cell.error);
  const text = failure.kind === "denied" ? `Needs ${failure.action ?? "permission"}` : failure.code;
  return <StatusIndicator type={failure.kind === "denied" ? "stopped" : "error"}>{text}</StatusIndicator>;
}
