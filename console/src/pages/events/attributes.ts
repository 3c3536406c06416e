import type { EventQuery } from "../../api/events";

type Attribute = NonNullable<EventQuery["attribute"]>;

/** CloudTrail's lookup attributes, as AWS's console names them. */
export const ATTRIBUTES: { value: Attribute; label: string; placeholder: string }[] = [
  { value: "AccessKeyId", label: "AWS access key", placeholder: "AKIA…" },
  { value: "EventId", label: "Event ID", placeholder: "An event's ID" },
  { value: "EventName", label: "Event name", placeholder: "CreateAccessKey" },
  { value: "EventSource", label: "Event source", placeholder: "iam.amazonaws.com" },
  { value: "ReadOnly", label: "Read-only", placeholder: "true or false" },
  { value: "ResourceName", label: "Resource name", placeholder: "A user's name, an ARN, …" },
  { value: "ResourceType", label: "Resource type", placeholder: "AWS::IAM::User" },
  { value: "Username", label: "User name", placeholder: "Who made the call" },
];
