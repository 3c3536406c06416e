const DAY_MS = 86_400_000;

/** AWS's and CIS's advice: rotate a key by this age. */
export const ROTATE_AFTER_DAYS = 90;
/** CIS: deactivate what was not used for so long. */
export const UNUSED_AFTER_DAYS = 45;

export const daysSince = (date: Date, now = Date.now()): number => Math.floor((now - date.getTime()) / DAY_MS);

/** Write an age as AWS's console does. */
export function age(date: Date | undefined): string {
  if (date === undefined) return "-";
  const days = daysSince(date);
  if (days < 1) return "Today";
  if (days === 1) return "Yesterday";
  return `${days} days ago`;
}

/** Write an age to the minute, for what was just done. */
export function ago(date: Date | undefined): string {
  if (date === undefined) return "Never";
  const minutes = Math.floor((Date.now() - date.getTime()) / 60_000);
  if (minutes < 1) return "Just now";
  if (minutes < 60) return `${minutes} ${minutes === 1 ? "minute" : "minutes"} ago`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} ${hours === 1 ? "hour" : "hours"} ago`;
  return age(date);
}

const FORMAT = new Intl.DateTimeFormat("en-US", {
  year: "numeric",
  month: "long",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
});

export const moment = (date: Date | undefined): string => (date === undefined ? "-" : FORMAT.format(date));

const EXACT_FORMAT = new Intl.DateTimeFormat("en-US", { dateStyle: "medium", timeStyle: "long", hourCycle: "h23" });

/** Write a time to the second, where two are compared. */
export const exactMoment = (date: Date | undefined): string => (date === undefined ? "-" : EXACT_FORMAT.format(date));

const SHORT_FORMAT = new Intl.DateTimeFormat("en-US", {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
});

/** Write a time of the last months to the second, for a column; its time zone is said elsewhere. */
export const shortMoment = (date: Date | undefined): string => (date === undefined ? "-" : SHORT_FORMAT.format(date));

/** Write a day as tags and reports have it: 2026-11-24, in the person's own time zone. */
export function isoDay(date: Date): string {
  const two = (value: number) => String(value).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

export const daysFromNow = (days: number): Date => new Date(Date.now() + days * DAY_MS);
