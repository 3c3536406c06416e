import type { NewAccessKey, Owner } from "../api/accessKeys";
import { csvName } from "./csv";

export interface CliSettings {
  accessKey: NewAccessKey;
  owner: Owner;
  /** This server. */
  endpoint: string;
  region: string;
}

export interface Lines {
  id: string;
  tab: string;
  description: string;
  text: string;
}

/** Where browsers save to, unless they are told otherwise. */
const DOWNLOADS = "~/Downloads";

/** What the CLI takes for an end of a name or a value: a user with a comma cannot be imported. */
const isImportable = (owner: Owner): owner is string => owner !== undefined && !owner.includes(",");

/** Write what configures the aws CLI with a key, in each of the ways that the guide shows. */
export function cliLines(settings: CliSettings): Lines[] {
  const ways = [configure(settings), environment(settings), powerShell(settings), windows(settings)];
  const { owner } = settings;
  if (!isImportable(owner)) return ways;
  return [ways[0]!, importCsv(settings, owner), keywrightImport(settings, owner), ...ways.slice(1)];
}

/** An origin has nothing that a shell would want quoted twice. */
export const olderCli = (endpoint: string): string => `alias aws='aws --endpoint-url ${endpoint}'`;

export const VERIFY = `aws sts get-caller-identity
aws s3 ls
aws iam get-user`;

const configure = ({ accessKey: { id, secret }, endpoint, region }: CliSettings): Lines => ({
  id: "configure",
  tab: "aws configure",
  description: "Answers the four questions of aws configure. The first line begins with a space, which keeps it out of the history of most shells.",
  text: ` aws configure <<'END'
${id}
${secret}
${region}
json
END
aws configure set endpoint_url ${endpoint}`,
});

// AWS: the file of the console has no "User Name", which `aws configure import` asks for (aws-cli#7753). `sed` adds it,
// and the byte order mark goes with the old first line. By a pipe, the secret is in no argument that others could see.
const importCsv = ({ endpoint, region }: CliSettings, owner: string): Lines => ({
  id: "import",
  tab: "aws configure import",
  description: `For Linux and macOS, and version 2 of the CLI: takes the downloaded file into a profile named ${owner}. The import wants a column "User Name", which the file has not: sed adds it. Change ${DOWNLOADS} if your browser saves elsewhere.`,
  text: `sed -e '1s/.*/User Name,Access key ID,Secret access key/' -e '2s/^/${owner},/' ${DOWNLOADS}/${csvName(owner)} |
  tr -d '\\r' | aws configure import --csv file:///dev/stdin
aws configure set region ${region} --profile ${owner}
aws configure set endpoint_url ${endpoint} --profile ${owner}
export AWS_PROFILE=${owner}`,
});

const keywrightImport = ({ endpoint, region }: CliSettings, owner: string): Lines => ({
  id: "keywright",
  tab: "keywright import",
  description: `Keywright's own command line takes the downloaded file as it is into a profile named ${owner}, makes sure that the key works, and offers to destroy the file.`,
  text: `keywright import ${DOWNLOADS}/${csvName(owner)} --profile ${owner} --region ${region} --endpoint-url ${endpoint}`,
});

const environment = ({ accessKey: { id, secret }, endpoint, region }: CliSettings): Lines => ({
  id: "environment",
  tab: "Linux and macOS",
  description: "Environment variables, for this terminal only. Each line begins with a space, which keeps it out of the history of most shells.",
  text: ` export AWS_ACCESS_KEY_ID="${id}"
 export AWS_SECRET_ACCESS_KEY="${secret}"
 export AWS_DEFAULT_REGION="${region}"
 export AWS_ENDPOINT_URL="${endpoint}"`,
});

const powerShell = ({ accessKey: { id, secret }, endpoint, region }: CliSettings): Lines => ({
  id: "powershell",
  tab: "Windows PowerShell",
  description: "Environment variables, for this window only.",
  text: `$Env:AWS_ACCESS_KEY_ID="${id}"
$Env:AWS_SECRET_ACCESS_KEY="${secret}"
$Env:AWS_DEFAULT_REGION="${region}"
$Env:AWS_ENDPOINT_URL="${endpoint}"`,
});

const windows = ({ accessKey: { id, secret }, endpoint, region }: CliSettings): Lines => ({
  id: "cmd",
  tab: "Windows Command Prompt",
  description: "Environment variables, for this window only.",
  text: `set AWS_ACCESS_KEY_ID=${id}
set AWS_SECRET_ACCESS_KEY=${secret}
set AWS_DEFAULT_REGION=${region}
set AWS_ENDPOINT_URL=${endpoint}`,
});
