import { GenerateCredentialReportCommand, GetCredentialReportCommand } from "@aws-sdk/client-iam";
import { iam } from "./iamClient";

export interface CredentialReport {
  /** As it came, to be saved. */
  text: string;
  generatedAt: Date;
  columns: string[];
  rows: Record<string, string>[];
}

const ASK_AGAIN_MS = 500;
const MOST_TRIES = 60;

/** Have the report made, unless there is one of the last four hours, and read it. */
export async function getCredentialReport(): Promise<CredentialReport> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const { State } = await iam().send(new GenerateCredentialReportCommand({}));
    if (State === "COMPLETE") {
      const { Content, GeneratedTime } = await iam().send(new GetCredentialReportCommand({}));
      return readReport(new TextDecoder().decode(Content), GeneratedTime!);
    }
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
  }
  throw new Error("The credential report takes unusually long. Try again in a while.");
}

export function readReport(text: string, generatedAt: Date): CredentialReport {
  const [header = "", ...lines] = text.split("\n").filter((line) => line !== "");
  const columns = header.split(",");
  const rows = lines.map((line) => {
    const values = splitLine(line);
    return Object.fromEntries(columns.map((column, index) => [column, values[index] ?? ""]));
  });
  return { text, generatedAt, columns, rows };
}

/** A user's name may hold commas; every other column cannot, so the name is what is left over. */
function splitLine(line: string): string[] {
  const arn = line.indexOf(",arn:");
  return arn < 0 ? line.split(",") : [line.slice(0, arn), ...splitAfterName(line.slice(arn + 1), line.slice(0, arn))];
}

function splitAfterName(rest: string, name: string): string[] {
  const isRoot = name === "<root_account>";
  const end = isRoot ? rest.indexOf(",") : rest.indexOf(`${name},`) + name.length;
  return [rest.slice(0, end), ...rest.slice(end + 1).split(",")];
}
