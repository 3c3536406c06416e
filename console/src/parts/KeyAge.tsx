import StatusIndicator from "@cloudscape-design/components/status-indicator";
import { age, daysSince, ROTATE_AFTER_DAYS } from "./time";

/** The age of a key, with a warning when it is to be rotated. */
export function KeyAge({ createdAt, isActive = true }: { createdAt: Date; isActive?: boolean }) {
  const days = daysSince(createdAt);
  const text = days < 1 ? "Today" : days === 1 ? "1 day" : `${days} days`;
  if (!isActive) return <>{text}</>;
  if (days >= ROTATE_AFTER_DAYS) return <StatusIndicator type="warning">{text}: rotate it</StatusIndicator>;
  return <span title={age(createdAt)}>{text}</span>;
}
