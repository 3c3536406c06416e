import { AccessAnalyzerClient } from "@aws-sdk/client-accessanalyzer";
import { CloudTrailClient } from "@aws-sdk/client-cloudtrail";
import { IAMClient } from "@aws-sdk/client-iam";
import { STSClient } from "@aws-sdk/client-sts";
import { credentials, sessionState } from "../session/session";

const options = () => {
  const session = sessionState();
  return {
    endpoint: location.origin,
    region: session.status === "signedIn" ? session.region : "us-east-1",
    credentials: () => credentials(),
    maxAttempts: 2,
  };
};

const once = <T>(make: () => T): (() => T) => {
  let made: T | undefined;
  return () => (made ??= make());
};

export const iam = once(() => new IAMClient(options()));
export const sts = once(() => new STSClient(options()));
export const cloudtrail = once(() => new CloudTrailClient(options()));
export const accessAnalyzer = once(() => new AccessAnalyzerClient(options()));
