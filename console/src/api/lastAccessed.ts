import {
  GenerateServiceLastAccessedDetailsCommand,
  GetServiceLastAccessedDetailsCommand,
  type ServiceLastAccessed,
} from "@aws-sdk/client-iam";
import { iam } from "./iamClient";

export type { ServiceLastAccessed };

const ASK_AGAIN_MS = 300;

/** Find out which services somebody may use, and when they did: a job that the server runs. */
export async function listLastAccessed(Arn: string): Promise<ServiceLastAccessed[]> {
  const { JobId } = await iam().send(new GenerateServiceLastAccessedDetailsCommand({ Arn }));
  const all: ServiceLastAccessed[] = [];
  let Marker: string | undefined;
  for (;;) {
    const page = await iam().send(new GetServiceLastAccessedDetailsCommand({ JobId, Marker, MaxItems: 1000 }));
    if (page.JobStatus === "IN_PROGRESS") {
      await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
      continue;
    }
    if (page.JobStatus === "FAILED") throw new Error(page.Error?.Message ?? "The report could not be made.");
    all.push(...(page.ServicesLastAccessed ?? []));
    if (!page.IsTruncated) return all;
    Marker = page.Marker;
  }
}
