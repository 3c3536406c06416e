import { type Event, type LookupAttributeKey, LookupEventsCommand } from "@aws-sdk/client-cloudtrail";
import { cloudtrail } from "./cloudtrailClient";

export type TrailEvent = Event;

export interface EventQuery {
  attribute?: LookupAttributeKey | undefined;
  value?: string | undefined;
  start?: Date | undefined;
  end?: Date | undefined;
}

export interface EventPage {
  events: TrailEvent[];
  next: string | undefined;
}

/** AWS's quota of one answer. */
export const EVENTS_PER_PAGE = 50;

export async function lookupEvents(query: EventQuery, token?: string): Promise<EventPage> {
  const { attribute, value, start, end } = query;
  const { Events, NextToken } = await cloudtrail().send(
    new LookupEventsCommand({
      ...(attribute !== undefined && value !== undefined && {
        LookupAttributes: [{ AttributeKey: attribute, AttributeValue: value }],
      }),
      ...(start !== undefined && { StartTime: start }),
      ...(end !== undefined && { EndTime: end }),
      ...(token !== undefined && { NextToken: token }),
      MaxResults: EVENTS_PER_PAGE,
    }),
  );
  return { events: Events ?? [], next: NextToken };
}

export async function getEvent(id: string): Promise<TrailEvent | undefined> {
  return (await lookupEvents({ attribute: "EventId", value: id })).events[0];
}

/** The parts of an event's record that a page shows; the record is JSON in a string. */
export interface EventRecord {
  errorCode?: string;
  errorMessage?: string;
  sourceIPAddress?: string;
  userAgent?: string;
  awsRegion?: string;
  userIdentity?: { arn?: string; type?: string };
}

export const recordOf = ({ CloudTrailEvent }: TrailEvent): EventRecord => JSON.parse(CloudTrailEvent ?? "{}");

export interface DayOfCalls {
  day: Date;
  done: number;
  refused: number;
}

const DAYS = 7;
const DAY_MS = 86_400_000;
const MOST_PAGES = 20;

/** Count the calls of the last days; no more than the last thousand events are looked at. */
export async function countCallsByDay(): Promise<{ days: DayOfCalls[]; isWhole: boolean }> {
  const today = new Date();
  today.setHours(0, 0, 0, 0);
  const start = new Date(today.getTime() - (DAYS - 1) * DAY_MS);
  const days = Array.from({ length: DAYS }, (_, index) => ({ day: new Date(start.getTime() + index * DAY_MS), done: 0, refused: 0 }));
  let next: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const found = await lookupEvents({ start }, next);
    for (const event of found.events) {
      const at = Math.floor((event.EventTime!.getTime() - start.getTime()) / DAY_MS);
      const day = days[Math.min(at, DAYS - 1)];
      if (day !== undefined) day[recordOf(event).errorCode === undefined ? "done" : "refused"] += 1;
    }
    next = found.next;
    if (next === undefined) return { days, isWhole: true };
  }
  return { days, isWhole: false };
}
