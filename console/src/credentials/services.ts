interface Service {
  label: string;
  /** What its credential is: a password with a user name, or an API key, which may end by itself. */
  kind: "password" | "API key";
}

/** The services that have credentials of their own (IAM API reference, CreateServiceSpecificCredential). */
export const SERVICES: Record<string, Service> = {
  "codecommit.amazonaws.com": { label: "AWS CodeCommit: HTTPS Git credentials", kind: "password" },
  "cassandra.amazonaws.com": { label: "Amazon Keyspaces: user name and password", kind: "password" },
  "bedrock.amazonaws.com": { label: "Amazon Bedrock: API key", kind: "API key" },
  "logs.amazonaws.com": { label: "Amazon CloudWatch Logs: API key", kind: "API key" },
};

export const serviceLabel = (service: string): string => SERVICES[service]?.label ?? service;
